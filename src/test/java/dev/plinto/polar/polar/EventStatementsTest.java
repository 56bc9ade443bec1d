package dev.plinto.polar.polar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.TrackedObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What an event states about which objects, and as of when.
class EventStatementsTest {

    private static final Instant SAID = Instant.parse("2026-11-20T07:00:00.000001Z");

    @Test
    void embeddedObjects_areAsOfTheirOwnModification() {
        List<TrackedObject> statements = understood("subscription.updated", """
                {"id":"sub","customer_id":"cus","subscription":{"id":"old"},"order":{"id":"old"},
                 "customer":{"id":"cus","created_at":"2026-11-01T00:00:00Z","modified_at":"2026-11-02T00:00:00Z"},
                 "product":{"id":"pro","created_at":"2026-11-03T00:00:00Z","modified_at":null,"name":"Pro"}}""");

        assertThat(statements).extracting(TrackedObject::id).containsExactly(
                new Id.Subscription("sub"), new Id.Customer("cus"), new Id.Product("pro"));
        TrackedObject product = statements.getLast();
        assertThat(product.facts().stamped(Product.NAME).stamp())
                .isEqualTo(new Stamp(Instant.parse("2026-11-03T00:00:00Z"), "evt"));
    }

    @Test
    void embeddedCustomer_doesNotOutdateANewerStatement() {
        List<TrackedObject> statements = understood("order.paid", """
                {"id":"ord","customer_id":"cus","customer":{"id":"cus","external_id":"org-1",
                 "created_at":"2026-11-01T00:00:00Z","modified_at":"2026-11-02T00:00:00Z"}}""");

        assertThat(told(statements, Customer.class, Customer.EXTERNAL_ID))
                .isEqualTo(new Stamp(Instant.parse("2026-11-02T00:00:00Z"), "evt"));
        assertThat(told(statements, Order.class, Order.CUSTOMER_ID)).isEqualTo(new Stamp(SAID, "evt"));
    }

    @Test
    void embeddedObjectWithoutAMoment_isNoStatement() {
        assertThat(understood("order.paid", """
                {"id":"ord","customer_id":"cus","customer":{"id":"cus","external_id":"org-1"},"product":null,
                 "benefit":[]}"""))
                .hasSize(1);
    }

    @Test
    void benefitGrant_carriesItsOwnCopyOfTheBenefit() {
        List<TrackedObject> statements = understood("benefit_grant.updated", """
                {"id":"g","customer_id":"c","benefit_id":"b","is_granted":true,"subscription_id":null,"order_id":"o",
                 "benefit":{"id":"b","type":"feature_flag","description":"Exports","metadata":{"feature":"exports"},
                            "created_at":"2026-11-01T00:00:00Z"}}""");

        Grant grant = (Grant) statements.getFirst();
        assertThat(grant.facts().get(Grant.FEATURE)).isEqualTo("exports");
        assertThat(grant.facts().stamped(Grant.DESCRIPTION).stamp()).isEqualTo(new Stamp(SAID, "evt"));
        assertThat(grant.facts().stamped(Grant.SUBSCRIPTION_ID)).as("not having a scope is no statement").isNull();
        assertThat(grant.order()).hasValue(new Id.Order("o"));
        assertThat(told(statements, Benefit.class, Benefit.TYPE).moment())
                .isEqualTo(Instant.parse("2026-11-01T00:00:00Z"));
    }

    @Test
    void stateOfACustomer_isAsOfHalfAMinuteBefore_andListsItsLiveGrants() {
        List<TrackedObject> statements = understood("customer.state_changed", """
                {"id":"cus","external_id":"org-1","active_subscriptions":[{"id":"sub"}],"granted_benefits":[
                  {"id":"g2","benefit_id":"b2","benefit_type":"custom","granted_at":"2026-11-19T00:00:00Z"},
                  {"id":"g1","benefit_id":"b1","benefit_metadata":{"feature":"sso"}}]}""");

        assertThat(statements).extracting(TrackedObject::id).containsExactlyInAnyOrder(
                new Id.Customer("cus"), new Id.Grant("g1"), new Id.Grant("g2"));
        Customer customer = (Customer) statements.getLast();
        assertThat(customer.facts().get(Customer.LIVE_GRANTS)).containsExactly("g1", "g2");
        assertThat(customer.facts().stamped(Customer.LIVE_GRANTS).stamp())
                .isEqualTo(new Stamp(SAID.minusSeconds(30), "evt"));
        assertThat(customer.facts().stamped(Customer.EXTERNAL_ID).stamp().moment()).isEqualTo(SAID.minusSeconds(30));
    }

    @Test
    void deletedCustomer_hasNoGrants_asOfTheDeletion() {
        Customer customer = (Customer) understood("customer.deleted", "{\"id\":\"cus\",\"external_id\":null}")
                .getFirst();

        assertThat(customer.facts().stamped(Customer.LIVE_GRANTS).stamp()).isEqualTo(new Stamp(SAID, "evt"));
        assertThat(customer.facts().get(Customer.LIVE_GRANTS)).isEmpty();
        assertThat(customer.facts().get(Customer.DELETED_AT)).isEqualTo(SAID);
    }

    /// A key that is null, in whatever statement, unless the customer is deleted: an `external_id` cannot end.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            customer.state_changed | {"id":"c","external_id":null,"deleted_at":null}
            customer.state_changed | {"id":"c","external_id":null}
            customer.updated       | {"id":"c","external_id":null,"deleted_at":null}
            order.paid             | {"id":"o","customer_id":"c","customer":{"id":"c","external_id":null,\
                                      "created_at":"2026-11-01T00:00:00Z"}}
            benefit_grant.updated  | {"id":"g","customer_id":"c","benefit_id":"b","customer":{"id":"c",\
                                      "external_id":null,"created_at":"2026-11-01T00:00:00Z"}}
            """)
    void lostExternalId_isDenied(String type, String data) {
        Customer customer = customer(type, data);

        assertThat(customer.facts().stamped(Customer.EXTERNAL_ID)).isNull();
        assertThat(customer.facts().denies(linkedAt("2026-10-01T00:00:00Z"))).isTrue();
        assertThat(customer.facts().denies(linkedAt("2026-12-01T00:00:00Z"))).isFalse();
        assertThat(customer.facts().denies(Facts.NONE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            customer.deleted       | {"id":"c","external_id":null}
            customer.updated       | {"id":"c","external_id":null,"deleted_at":"2026-11-19T00:00:00Z"}
            customer.state_changed | {"id":"c","external_id":null,"deleted_at":"2026-11-19T00:00:00Z"}
            """)
    void deletionWithoutExternalId_endsTheLink(String type, String data) {
        Customer customer = customer(type, data);

        assertThat(customer.facts().stamped(Customer.EXTERNAL_ID).value()).isNull();
        assertThat(customer.facts().denies(linkedAt("2026-10-01T00:00:00Z"))).isFalse();
    }

    /// Of the address nothing else is kept. An order's own address is not the customer's.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            customer.created       | {"id":"c","billing_address":{"line1":"Rua 1","country":"PE"}}
            customer.updated       | {"id":"c","billing_address":{"country":"PE"}}
            customer.state_changed | {"id":"c","billing_address":{"country":"PE"}}
            customer.deleted       | {"id":"c","billing_address":{"country":"PE"}}
            order.paid             | {"id":"o","customer_id":"c","billing_address":{"country":"KP"},"customer":{\
                                      "id":"c","billing_address":{"country":"PE"},"created_at":"2026-11-01T00:00:00Z"}}
            subscription.active    | {"id":"s","customer_id":"c","customer":{"id":"c",\
                                      "billing_address":{"country":"PE"},"created_at":"2026-11-01T00:00:00Z"}}
            benefit_grant.created  | {"id":"g","customer_id":"c","benefit_id":"b","customer":{"id":"c",\
                                      "billing_address":{"country":"PE"},"created_at":"2026-11-01T00:00:00Z"}}
            """)
    void billingAddress_isReadAsItsCountry(String type, String data) {
        Facts facts = customer(type, data).facts();

        assertThat(facts.get(Customer.COUNTRY)).isEqualTo("PE");
        assertThat(facts.stamped(Customer.COUNTRY).stamp().moment()).isEqualTo(switch (type) {
            case "customer.state_changed" -> SAID.minusSeconds(30);
            case "order.paid", "subscription.active", "benefit_grant.created" -> Instant.parse("2026-11-01T00:00:00Z");
            default -> SAID;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"country\":null}", "{\"country\":\"pe\"}", "{\"country\":\"XX\"}",
            "{\"country\":\"PER\"}", "{\"country\":\"\"}", "{\"country\":51}", "\"PE\"", "[]",
            "[{\"country\":\"PE\"}]"})
    void addressWithoutACountry_saysThatThereIsNone(String address) {
        Facts facts = customer("customer.updated", "{\"id\":\"c\",\"billing_address\":" + address + "}").facts();

        assertThat(facts.stamped(Customer.COUNTRY).value()).isNull();
    }

    @Test
    void customerWithoutAnAddress_saysNothingOfTheCountry() {
        assertThat(customer("customer.updated", "{\"id\":\"c\",\"external_id\":\"org\"}").facts()
                .stamped(Customer.COUNTRY)).isNull();
    }

    private static Customer customer(String type, String data) {
        return (Customer) understood(type, data).stream().filter(Customer.class::isInstance).findFirst().orElseThrow();
    }

    private static Facts linkedAt(String moment) {
        return Facts.statedAt(new Stamp(Instant.parse(moment), "linked")).carries(Customer.EXTERNAL_ID, "org-1")
                .build();
    }

    private static Stamp told(List<TrackedObject> statements, Class<? extends TrackedObject> kind, Field<?> field) {
        return statements.stream().filter(kind::isInstance).findFirst().orElseThrow().facts().stamped(field).stamp();
    }

    private static List<TrackedObject> understood(String type, String data) {
        byte[] body = "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":%s}".formatted(type, SAID, data)
                .getBytes(StandardCharsets.UTF_8);
        Reading reading = new EventReader(Optional.empty()).read("evt", body);
        assertThat(reading).isInstanceOf(Reading.Understood.class);
        return ((Reading.Understood) reading).event().statements();
    }
}
