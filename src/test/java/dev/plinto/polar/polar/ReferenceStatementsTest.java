package dev.plinto.polar.polar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Checkout;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.CustomerMeter;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Member;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Seat;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What an event states about the objects that are only read, and about the fields of orders that no rule reads.
class ReferenceStatementsTest {

    private static final Instant SAID = Instant.parse("2026-11-20T07:00:00.000001Z");
    private static final Stamp EVENT = new Stamp(SAID, "evt");
    private static final Instant MODIFIED = Instant.parse("2026-11-02T00:00:00Z");

    @Test
    void checkout_isOfTheOrganizationInItsMetadata() {
        Facts facts = told("checkout.updated", Checkout.class,
                """
                {"id":"che","customer_id":null,"metadata":{"organization_id":"org-1"},"external_customer_id":"org-2",
                 "product_id":"pro","status":"open","amount":1,"total_amount":1210,"currency":"eur","seats":3,
                 "created_at":"2026-11-01T00:00:00Z","expires_at":"2026-11-02T00:00:00Z",
                 "client_secret":"polar_c_x"}""");

        assertThat(facts).isEqualTo(Facts.statedAt(EVENT)
                .carries(Checkout.CUSTOMER_ID, null).carries(Checkout.ORGANIZATION_ID, "org-1")
                .carries(Checkout.EXTERNAL_CUSTOMER_ID, "org-2").carries(Checkout.PRODUCT_ID, "pro")
                .carries(Checkout.STATUS, "open").carries(Checkout.TOTAL_AMOUNT, 1_210L)
                .carries(Checkout.CURRENCY, "eur").carries(Checkout.SEATS, 3L)
                .carries(Checkout.CREATED_AT, Instant.parse("2026-11-01T00:00:00Z"))
                .carries(Checkout.EXPIRES_AT, MODIFIED).carries(Checkout.REQUEST_ID, null).build());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "plinto_request_id":"r-1"                            | r-1
            "plinto_request_id":null                             |
            "plinto_request_id":7                                |
            "plinto_request_id":"a request id of somebody else's that is longer than any of ours is" |
            "other":"r-1"                                        |
            """)
    void checkout_saysForWhichRequestItWasMade_unlessItIsNoneOfOurs(String metadata, String request) {
        assertThat(told("checkout.updated", Checkout.class, "{\"id\":\"che\",\"metadata\":{" + metadata + "}}")
                .get(Checkout.REQUEST_ID)).isEqualTo(request);
    }

    @Test
    void checkoutOfSeveralProducts_statesOnlyTheChosenOne() {
        assertThat(understood("checkout.created", """
                {"id":"che","products":[{"id":"p1","modified_at":"2026-11-02T00:00:00Z"},
                                        {"id":"p2","modified_at":"2026-11-02T00:00:00Z"}],
                 "product":{"id":"p1","modified_at":"2026-11-02T00:00:00Z"}}"""))
                .extracting(TrackedObject::id).containsExactly(new Id.Checkout("che"), new Id.Product("p1"));
    }

    @Test
    void seat_statesItsMemberAsOfTheMembersModification() {
        List<TrackedObject> statements = understood("customer_seat.claimed",
                """
                {"id":"sea","subscription_id":"sub","order_id":null,"status":"claimed","customer_id":"cus",
                 "member_id":"mem","email":"kim@a.example","customer_email":"team@a.example","revoked_at":null,
                 "created_at":"2026-11-01T00:00:00Z","claimed_at":"2026-11-02T00:00:00Z",
                 "member":{"id":"mem","customer_id":"cus","external_id":"user-1","email":"kim@a.example",
                           "name":"Kim","role":"member","created_at":"2026-11-01T00:00:00Z",
                           "modified_at":"2026-11-02T00:00:00Z"}}""");

        assertThat(facts(statements, Seat.class)).isEqualTo(Facts.statedAt(EVENT)
                .carries(Seat.SUBSCRIPTION_ID, "sub").carries(Seat.ORDER_ID, null).carries(Seat.STATUS, "claimed")
                .carries(Seat.CUSTOMER_ID, "cus").carries(Seat.MEMBER_ID, "mem").carries(Seat.EMAIL, "kim@a.example")
                .carries(Seat.CREATED_AT, Instant.parse("2026-11-01T00:00:00Z")).carries(Seat.CLAIMED_AT, MODIFIED)
                .carries(Seat.REVOKED_AT, null).build());
        assertThat(facts(statements, Member.class)).isEqualTo(Facts.statedAt(new Stamp(MODIFIED, "evt"))
                .carries(Member.CUSTOMER_ID, "cus").carries(Member.EXTERNAL_ID, "user-1")
                .carries(Member.EMAIL, "kim@a.example").carries(Member.NAME, "Kim").carries(Member.ROLE, "member")
                .carries(Member.CREATED_AT, Instant.parse("2026-11-01T00:00:00Z")).build());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            "email":"kim@a.example"                                   | kim@a.example
            "email":null,"customer_email":"team@a.example"            | team@a.example
            "customer_email":"team@a.example"                         | team@a.example
            "email":null,"customer_email":null                        | none
            "email":null                                              | none
            """)
    void seatsEmail_isTheMembers_elseTheCustomers(String fields, String email) {
        assertThat(told("customer_seat.revoked", Seat.class, "{\"id\":\"sea\"," + fields + "}").stamped(Seat.EMAIL))
                .isNotNull().extracting(value -> value.value()).isEqualTo(email);
    }

    @Test
    void seatWithoutAnyEmail_saysNothingOfIt() {
        assertThat(told("customer_seat.revoked", Seat.class, "{\"id\":\"sea\"}").stamped(Seat.EMAIL)).isNull();
    }

    @Test
    void deletedMember_staysDeleted_whateverOlderOrEmbeddedCopiesSay() {
        Facts deleted = told("member.deleted", Member.class, "{\"id\":\"mem\",\"name\":\"Kim\"}");
        Facts embedded = facts(understood("benefit_grant.revoked", """
                {"id":"g","customer_id":"c","benefit_id":"b",
                 "member":{"id":"mem","name":"Kim","modified_at":"2026-11-20T08:00:00Z","deleted_at":null}}"""),
                Member.class);

        assertThat(deleted.get(Member.DELETED_AT)).isEqualTo(SAID);
        assertThat(embedded.get(Member.NAME)).isEqualTo("Kim");
        assertThat(deleted.merge(embedded).get(Member.DELETED_AT)).isEqualTo(SAID);
    }

    @Test
    void product_hasItsPricesAsWritten_andTheIdsOfItsBenefits() {
        List<TrackedObject> statements = understood("product.updated", """
                {"id":"pro","name":"Pro\\u0000","visibility":"public","is_archived":false,"recurring_interval":"month",
                 "recurring_interval_count":1,"trial_interval":null,"trial_interval_count":null,
                 "created_at":"2026-11-01T00:00:00Z","modified_at":"2026-11-02T00:00:00Z",
                 "prices":[{"price_amount":2000.0,"unit_amount":"0.10","n":1e400},{}],
                 "benefits":[{"id":"b2","type":"custom","description":"Help","modified_at":"2026-11-02T00:00:00Z"},
                             {"id":"b1","created_at":null}]}""");

        Facts product = facts(statements, Product.class);
        assertThat(product.get(Product.NAME)).isEqualTo("Pro\ufffd");
        assertThat(product.get(Product.PRICES))
                .isEqualTo("[{\"price_amount\":2000.0,\"unit_amount\":\"0.10\",\"n\":1e400},{}]");
        assertThat(product.get(Product.BENEFIT_IDS)).containsExactly("b1", "b2");
        assertThat(product.stamped(Product.BENEFIT_IDS).stamp()).isEqualTo(EVENT);
        assertThat(product.stamped(Product.TRIAL_INTERVAL)).isNotNull();
        assertThat(product.get(Product.RECURRING_INTERVAL_COUNT)).isEqualTo(1);
        assertThat(statements).as("a benefit without a moment is no statement").extracting(TrackedObject::id)
                .containsExactly(new Id.Product("pro"), new Id.Benefit("b2"));
        assertThat(facts(statements, Benefit.class).stamped(Benefit.TYPE).stamp())
                .as("benefits are as of their own modification").isEqualTo(new Stamp(MODIFIED, "evt"));
    }

    @Test
    void embeddedProduct_speaksAsOfItsModification_andOnlyOfWhatItCarries() {
        List<TrackedObject> statements = understood("order.paid",
                """
                {"id":"ord","customer_id":"cus",
                 "product":{"id":"pro","name":"Pro","modified_at":"2026-11-02T00:00:00Z"}}""");

        Facts product = facts(statements, Product.class);
        assertThat(product.stamped(Product.NAME).stamp()).isEqualTo(new Stamp(MODIFIED, "evt"));
        assertThat(product.stamped(Product.BENEFIT_IDS)).isNull();
        assertThat(product.stamped(Product.PRICES)).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            subscription.updated | {"id":"sub","customer_id":"cus","product":%s}
            checkout.updated     | {"id":"che","product":%s}
            """)
    void benefitsOfAnEmbeddedProduct_areAsOfTheirOwnModification(String type, String data) {
        List<TrackedObject> statements = understood(type, data.formatted(
                """
                {"id":"pro","modified_at":"2026-11-10T00:00:00Z",
                 "benefits":[{"id":"b","description":"Help","modified_at":null,
                              "created_at":"2026-11-02T00:00:00Z"}]}"""));

        assertThat(facts(statements, Product.class).get(Product.BENEFIT_IDS)).containsExactly("b");
        assertThat(facts(statements, Benefit.class)).isEqualTo(Facts.statedAt(new Stamp(MODIFIED, "evt"))
                .carries(Benefit.DESCRIPTION, "Help").build());
    }

    @Test
    void order_carriesWhatAnInvoiceShows() {
        Facts order = told("order.paid", Order.class, """
                {"id":"ord","customer_id":"cus","created_at":"2026-11-02T00:00:00Z","checkout_id":"che",
                 "subtotal_amount":1000,"discount_amount":0,"tax_amount":210,"total_amount":1210,"refunded_amount":-1,
                 "invoice_number":"P-1","seats":null,"product":{"id":"pro","name":"Pro\\ud800"}}""");

        assertThat(order).isEqualTo(Facts.statedAt(EVENT)
                .carries(Order.CUSTOMER_ID, "cus").carries(Order.CREATED_AT, MODIFIED)
                .carries(Order.CHECKOUT_ID, "che").carries(Order.SUBTOTAL_AMOUNT, 1_000L)
                .carries(Order.DISCOUNT_AMOUNT, 0L).carries(Order.TAX_AMOUNT, 210L)
                .carries(Order.TOTAL_AMOUNT, 1_210L).carries(Order.REFUNDED_AMOUNT, -1L)
                .carries(Order.INVOICE_NUMBER, "P-1").carries(Order.SEATS, null)
                .carries(Order.PRODUCT_NAME, "Pro\ufffd").build());
    }

    @Test
    void subscription_namesItsCheckout() {
        assertThat(told("subscription.created", Subscription.class,
                "{\"id\":\"sub\",\"customer_id\":\"cus\",\"checkout_id\":\"che\"}").get(Subscription.CHECKOUT_ID))
                .isEqualTo("che");
    }

    @Test
    void metersInTheState_areAsOfTheirOwnModification() {
        List<TrackedObject> statements = understood("customer.state_changed", """
                {"id":"cus","granted_benefits":[],"active_meters":[
                  {"id":"m1","meter_id":"calls","consumed_units":0.30000000000000004,"credited_units":25.0,
                   "balance":-2E+1,"created_at":"2026-11-01T00:00:00Z","modified_at":"2026-11-02T00:00:00Z"},
                  {"id":"m2","meter_id":"calls","created_at":null}]}""");

        assertThat(facts(statements, CustomerMeter.class)).isEqualTo(Facts.statedAt(new Stamp(MODIFIED, "evt"))
                .carries(CustomerMeter.CUSTOMER_ID, "cus").carries(CustomerMeter.METER_ID, "calls")
                .carries(CustomerMeter.CONSUMED_UNITS, new BigDecimal("0.30000000000000004"))
                .carries(CustomerMeter.CREDITED_UNITS, new BigDecimal("25.0"))
                .carries(CustomerMeter.BALANCE, new BigDecimal("-20")).build());
        assertThat(statements).as("a meter without a moment is no statement").extracting(TrackedObject::id)
                .containsExactly(new Id.Customer("cus"), new Id.CustomerMeter("m1"));
        assertThat(facts(statements, Customer.class).isEmpty()).isFalse();
    }

    /// More digits than a floating-point number has; exact all the same, or refused.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1e400                             | true
            -1E-400                           | true
            0.1234567890123456789             | true
            1e401                             | false
            1E-401                            | false
            1E999999999                       | false
            1E-2147483649                     | false
            "25"                              | false
            true                              | false
            """)
    void decimalNumber_isExactOrRefused(String written, boolean isExact) {
        Reading reading = read("customer.state_changed", """
                {"id":"cus","active_meters":[{"id":"m","balance":%s,"created_at":"2026-11-01T00:00:00Z"}]}"""
                .formatted(written));

        if (isExact) {
            assertThat(facts(((Reading.Understood) reading).event().statements(), CustomerMeter.class)
                    .get(CustomerMeter.BALANCE)).isEqualByComparingTo(new BigDecimal(written));
        } else {
            assertThat(reading).isEqualTo(new Reading.Malformed("customer.state_changed",
                    "event.data.active_meters[].balance is not a number of usual size"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            checkout.updated         | "status":1                   | status is not a text
            checkout.updated         | "seats":1.5                  | seats is not a whole number
            checkout.updated | "expires_at":"tomorrow" | expires_at is not a time in RFC 3339 between 1970 and 9999
            checkout.updated         | "product_id":"\\u0000"      | product_id is not a text that can be stored
            customer_seat.assigned   | "claimed_at":7               | claimed_at is not a time
            customer_seat.assigned   | "member":{"modified_at":"2026-11-02T00:00:00Z"} | \
                                       member.id is not an id, and it is needed
            member.deleted           | "role":[]                    | role is not a text
            product.updated          | "prices":{}                  | prices is not a list
            product.updated          | "benefits":[7]               | benefits[] is not an object
            product.updated          | "benefits":[{"id":7}]        | benefits[].id is not a text
            product.updated          | "trial_interval_count":"1"   | trial_interval_count is not a whole number
            """)
    void fieldOfAnotherTypeThanDocumented_isNamed(String type, String field, String detail) {
        assertThat(read(type, "{\"id\":\"x\"," + field + "}"))
                .isEqualTo(new Reading.Malformed(type, "event.data." + detail));
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkout.updated", "customer_seat.claimed", "member.updated", "member.deleted",
            "product.updated", "benefit.updated"})
    void objectWithoutAnId_isMalformed(String type) {
        assertThat(read(type, "{\"id\":null}"))
                .isEqualTo(new Reading.Malformed(type, "event.data.id is not an id, and it is needed"));
    }

    @Test
    void missingKey_isNoStatement_andNullIsOne() {
        for (Field<?> field : Checkout.FIELDS) {
            Facts without = told("checkout.updated", Checkout.class, "{\"id\":\"che\"}");
            assertThat(without.stamped(field)).as(field.name()).isNull();
        }
        Facts product = told("product.updated", Product.class, "{\"id\":\"pro\",\"prices\":null,\"benefits\":null}");
        assertThat(product.stamped(Product.PRICES)).isNotNull();
        assertThat(product.get(Product.PRICES)).isNull();
        assertThat(product.get(Product.BENEFIT_IDS)).as("null is no benefit").isEmpty();
    }

    private static Facts told(String type, Class<? extends TrackedObject> kind, String data) {
        return facts(understood(type, data), kind);
    }

    private static Facts facts(List<TrackedObject> statements, Class<? extends TrackedObject> kind) {
        return statements.stream().filter(kind::isInstance).findFirst().orElseThrow().facts();
    }

    private static List<TrackedObject> understood(String type, String data) {
        Reading reading = read(type, data);
        assertThat(reading).isInstanceOf(Reading.Understood.class);
        return ((Reading.Understood) reading).event().statements();
    }

    private static Reading read(String type, String data) {
        byte[] body = "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":%s}".formatted(type, SAID, data)
                .getBytes(StandardCharsets.UTF_8);
        return new EventReader(Optional.empty()).read("evt", body);
    }
}
