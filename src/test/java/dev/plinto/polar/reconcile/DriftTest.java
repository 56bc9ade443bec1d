package dev.plinto.polar.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.CustomerMeter;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.polar.Snapshot;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DriftTest {

    private static final Stamp EARLIER = at(1);
    private static final Stamp NOW = at(2);
    private static final Stamp LATER = at(3);

    @Test
    void repeatedStatement_isNoDrift() {
        assertThat(fields(grant(NOW, true), grant(EARLIER, true))).isEmpty();
    }

    @Test
    void newerStatement_isDrift_andOlderStatement_isNone() {
        assertThat(fields(grant(NOW, false), grant(EARLIER, true))).containsExactly("is_granted", "live");
        assertThat(fields(grant(NOW, false), grant(LATER, true))).isEmpty();
    }

    @Test
    void unknownValue_isDrift_unlessItIsEmpty() {
        Facts facts = Facts.statedAt(NOW)
                .carries(Subscription.STATUS, "active").carries(Subscription.SEATS, null).build();

        assertThat(fields(new Subscription(new Id.Subscription("s"), facts))).containsExactly("status");
    }

    @Test
    void metadataInAnotherOrder_isNoDrift() {
        assertThat(fields(metadata(NOW, "{\"a\":1,\"b\":2}"), metadata(EARLIER, "{\"b\": 2, \"a\": 1}"))).isEmpty();
        assertThat(fields(metadata(NOW, "{\"a\":1}"), metadata(EARLIER, "{\"a\":2}")))
                .containsExactly("product_metadata");
    }

    @Test
    void numberInAnotherForm_isNoDrift_andAnotherNumberIs() {
        assertThat(fields(metadata(NOW, "{\"a\":[2000.0,1e400,-0]}"), metadata(EARLIER, "{\"a\":[2E3,10E+399,0]}")))
                .isEmpty();
        assertThat(fields(metadata(NOW, "{\"a\":1e99999999999}"), metadata(EARLIER, "{\"a\":1e99999999999}")))
                .isEmpty();
        for (String other : List.of("2000.0000000000000001", "1e400", "1e99999999999", "\"2000.0\"", "null")) {
            assertThat(fields(metadata(NOW, "{\"a\":2000.0}"), metadata(EARLIER, "{\"a\":" + other + "}")))
                    .as(other).containsExactly("product_metadata");
        }
    }

    /// The grant's own events agree with Polar's list, but a snapshot of its customer in between did not.
    @Test
    void grantThatACustomerSnapshotChanged_isDrift() {
        assertThat(fields(grant(LATER, true), grant(EARLIER, true), customer(NOW))).containsExactly("live");
        assertThat(fields(grant(LATER, false), grant(EARLIER, false), customer(NOW, "g"))).containsExactly("live");
        assertThat(fields(grant(NOW, false), grant(EARLIER, false), customer(LATER, "g"))).isEmpty();
    }

    /// Polar changes a benefit without changing the products that have it.
    @Test
    void benefitOfAProduct_isComparedWithIt() {
        Product product = new Product(new Id.Product("p"), Facts.statedAt(NOW).carries(Product.NAME, "Pro").build());

        assertThat(fields(product, List.of(benefit(NOW, "new")), product, benefit(EARLIER, "old")))
                .containsExactly("benefits.description");
        assertThat(fields(product, List.of(benefit(NOW, "new")), product, benefit(LATER, "old"))).isEmpty();
        assertThat(fields(product, List.of(benefit(NOW, "new")), product)).containsExactly("benefits.description");
    }

    /// Digits that mean nothing are not stored either.
    @Test
    void objectThatIsOnlyRead_isDriftByItsFields() {
        assertThat(fields(meter(NOW, "2.50"), meter(EARLIER, "2.50"))).isEmpty();
        assertThat(fields(meter(NOW, "2.50"), meter(EARLIER, "2.5"))).isEmpty();
        assertThat(fields(meter(NOW, "3"), meter(EARLIER, "2.5"))).containsExactly("consumed_units");
        assertThat(fields(meter(NOW, "3"), meter(LATER, "2.5"))).isEmpty();
        assertThat(fields(meter(NOW, "3"))).containsExactly("consumed_units");
    }

    private static Benefit benefit(Stamp stamp, String description) {
        return new Benefit(new Id.Benefit("b"),
                Facts.statedAt(stamp).carries(Benefit.DESCRIPTION, description).build());
    }

    private static CustomerMeter meter(Stamp stamp, String consumed) {
        return new CustomerMeter(new Id.CustomerMeter("m"),
                Facts.statedAt(stamp).carries(CustomerMeter.CONSUMED_UNITS, new BigDecimal(consumed)).build());
    }

    private static List<String> fields(TrackedObject statement, TrackedObject... stored) {
        return fields(statement, List.of(), stored);
    }

    private static List<String> fields(TrackedObject statement, List<Benefit> benefits, TrackedObject... stored) {
        Map<Id, TrackedObject> byId = new HashMap<>();
        for (TrackedObject object : stored) {
            byId.put(object.id(), object);
        }
        Snapshot any = new Snapshot(Kind.GRANT, "g", NOW.moment(), false, "x", new byte[0]);
        return Drift.between(byId, any, statement, benefits).map(Drift::differences).orElse(List.of()).stream()
                .map(Drift.Difference::field).toList();
    }

    private static Grant grant(Stamp stamp, boolean isGranted) {
        return new Grant(new Id.Grant("g"), Facts.statedAt(stamp).carries(Grant.CUSTOMER_ID, "c")
                .carries(Grant.IS_GRANTED, isGranted).build());
    }

    private static Customer customer(Stamp stamp, String... live) {
        return new Customer(new Id.Customer("c"),
                Facts.statedAt(stamp).carries(Customer.LIVE_GRANTS, List.of(live)).build());
    }

    private static Subscription metadata(Stamp stamp, String json) {
        return new Subscription(new Id.Subscription("s"),
                Facts.statedAt(stamp).carries(Subscription.PRODUCT_METADATA, json).build());
    }

    private static Stamp at(long second) {
        return new Stamp(Instant.ofEpochSecond(1_000_000 + second), "w" + second);
    }
}
