package dev.plinto.polar.projection;

import static dev.plinto.polar.projection.LedgerTables.CUSTOMERS;
import static dev.plinto.polar.projection.LedgerTables.CUSTOMER_METERS;
import static dev.plinto.polar.projection.LedgerTables.ORDERS;
import static dev.plinto.polar.projection.LedgerTables.PRODUCTS;
import static dev.plinto.polar.projection.LedgerTables.SUBSCRIPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.entitlement.Cause;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.CustomerMeter;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.StampedValue;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is loaded equals what was stored, to the digit: else each repeat would be written again. A replica of the
/// release before, which knows no added field, loses none and tells none.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class FactsTableTest {

    private static final Instant FIRST = Instant.parse("2026-11-20T07:00:00.000001Z");

    @Inject
    Transactions transactions;

    private final String id = "facts-" + UUID.randomUUID();

    @ParameterizedTest
    @ValueSource(strings = {"25.0", "25", "0.00", "-7.50", "0.30000000000000004", "0.1234567890123456789", "1E-400"})
    void decimalNumber_keepsItsDigits(String written) {
        CustomerMeter meter = new CustomerMeter(new Id.CustomerMeter(id), Facts.statedAt(at(0))
                .carries(CustomerMeter.CUSTOMER_ID, "cus").carries(CustomerMeter.BALANCE, new BigDecimal(written))
                .carries(CustomerMeter.CREDITED_UNITS, null).build());

        save(CUSTOMER_METERS, meter);

        assertThat(load(CUSTOMER_METERS)).isEqualTo(meter);
        assertThat(changedBy(load(CUSTOMER_METERS), meter)).isFalse();
    }

    @Test
    void numberOfMostDigits_keepsItsDigits() {
        CustomerMeter meter = new CustomerMeter(new Id.CustomerMeter(id), Facts.statedAt(at(0))
                .carries(CustomerMeter.BALANCE, new BigDecimal("1E400").setScale(0))
                .carries(CustomerMeter.CONSUMED_UNITS, new BigDecimal("-0." + "7".repeat(400))).build());

        save(CUSTOMER_METERS, meter);

        assertThat(load(CUSTOMER_METERS)).isEqualTo(meter);
    }

    @Test
    void addedFields_haveStampsOfTheirOwn() {
        Order order = order(at(0)).with(Facts.statedAt(at(0)).carries(Order.CHECKOUT_ID, "che").build()
                .merge(Facts.statedAt(at(1)).carries(Order.SEATS, null).carries(Order.INVOICE_NUMBER, "P-1").build())
                .merge(Facts.statedAt(at(2)).carries(Order.STATUS, "paid").carries(Order.CREATED_AT, FIRST).build()));

        save(ORDERS, order);

        assertThat(load(ORDERS)).isEqualTo(order);
        assertThat(changedBy(load(ORDERS), order)).isFalse();
    }

    @Test
    void pricesAndBenefits_stayAsTheyWereWritten() {
        Product product = new Product(new Id.Product(id), Facts.statedAt(at(0))
                .carries(Product.PRICES, "[{\"price_amount\": 2000.0, \"x\":1e400}]")
                .carries(Product.BENEFIT_IDS, List.of("b1", "b2")).build());

        save(PRODUCTS, product);

        assertThat(load(PRODUCTS)).isEqualTo(product);
    }

    /// A table, as this release and the one before know it.
    record Released<K extends TrackedObject>(String name, FactsTable<K> now, FactsTable<K> before) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Released<?>> tablesWithAddedFields() {
        return Stream.of(
                new Released<>("customers", CUSTOMERS, new FactsTable<>("customers", Customer.class,
                        known(Customer.FIELDS), (id, facts) -> Customer.stored(new Id.Customer(id), facts))),
                new Released<>("orders", ORDERS, new FactsTable<>("orders", Order.class, known(Order.FIELDS),
                        (id, facts) -> new Order(new Id.Order(id), facts))),
                new Released<>("products", PRODUCTS, new FactsTable<>("products", Product.class, known(Product.FIELDS),
                        (id, facts) -> new Product(new Id.Product(id), facts))),
                new Released<>("subscriptions", SUBSCRIPTIONS, new FactsTable<>("subscriptions", Subscription.class,
                        known(Subscription.FIELDS),
                        (id, facts) -> new Subscription(new Id.Subscription(id), facts))));
    }

    @ParameterizedTest
    @MethodSource("tablesWithAddedFields")
    <K extends TrackedObject> void releaseBefore_losesNoAddedField(Released<K> table) {
        K whole = table.now.object(id, all(fields(table.now), at(1)));
        save(table.now, whole);

        K newer = table.before.object(id, all(known(fields(table.now)), at(2)));
        save(table.before, newer);

        assertThat(load(table.now).facts()).isEqualTo(whole.facts().merge(newer.facts()));
    }

    @ParameterizedTest
    @MethodSource("tablesWithAddedFields")
    <K extends TrackedObject> void afterTheReleaseBefore_anOlderStatementFillsWhatNobodyTold(Released<K> table) {
        K newer = table.before.object(id, all(known(fields(table.now)), at(2)));
        save(table.before, newer);
        K older = table.now.object(id, all(fields(table.now), at(1)));

        assertThat(load(table.now)).isEqualTo(newer);
        assertThat(changedBy(load(table.now), older)).isTrue();
        save(table.now, table.now.object(id, load(table.now).facts().merge(older.facts())));

        Facts filled = load(table.now).facts();
        for (Field<?> field : fields(table.now)) {
            assertThat(filled.stamped(field)).as(field.name()).extracting(StampedValue::stamp)
                    .isEqualTo(field.isAdded() ? at(1) : at(2));
        }
        assertThat(load(table.before)).as("what the release before reads").isEqualTo(newer);
    }

    private Order order(Stamp stamp) {
        return new Order(new Id.Order(id), Facts.statedAt(stamp).carries(Order.STATUS, "pending").build());
    }

    private static Stamp at(int second) {
        return new Stamp(FIRST.plusSeconds(second), "evt-" + second);
    }

    private static List<Field<?>> known(List<Field<?>> fields) {
        return fields.stream().filter(field -> !field.isAdded()).toList();
    }

    private List<Field<?>> fields(FactsTable<?> table) {
        return table.object(id, Facts.NONE).fields();
    }

    private static Facts all(List<Field<?>> fields, Stamp stamp) {
        Facts.StatementBuilder facts = Facts.statedAt(stamp);
        fields.forEach(field -> carry(facts, field, stamp.webhookId()));
        return facts.build();
    }

    @SuppressWarnings("unchecked") // a value of the field's type
    private static <T> void carry(Facts.StatementBuilder facts, Field<T> field, String text) {
        facts.carries(field, (T) switch (field.type()) {
            case TEXT -> text;
            case JSON -> "[\"" + text + "\"]";
            case INTEGER -> (long) text.hashCode();
            case DECIMAL -> new BigDecimal(text.hashCode());
            case BOOLEAN -> true;
            case TIME -> FIRST;
            case TEXTS -> List.of(text);
        });
    }

    /// As the projection does: what does not change the facts is not written.
    private static boolean changedBy(TrackedObject stored, TrackedObject statement) {
        Ledger ledger = new Ledger();
        ledger.load(stored);
        return ledger.apply(new Event(new Cause("order.paid", "evt", FIRST), List.of(statement))).changedFacts();
    }

    private <K extends TrackedObject> void save(FactsTable<K> table, K object) {
        transactions.inOne(transaction -> {
            table.save(transaction, List.of(object), saved -> FactsTable.Derived.NONE);
            return null;
        });
    }

    private <K extends TrackedObject> K load(FactsTable<K> table) {
        return transactions.inOne(transaction -> table.select(transaction, "id = ANY ($1)", new String[] {id}).rows()
                .getFirst().object());
    }
}
