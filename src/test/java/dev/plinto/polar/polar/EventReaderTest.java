package dev.plinto.polar.polar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.entitlement.Cause;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {

    private static final Instant SAID = Instant.parse("2026-11-20T07:00:00.000001Z");
    private static final String MERCHANT = "5b1e7a52-0000-4000-8000-00000000c0de";

    @ParameterizedTest
    @MethodSource("dev.plinto.polar.testing.OddBodies#thatAreNoEvent")
    void nonEvent_isNotAnEvent(String name, byte[] body) {
        assertThat(reader().read("evt", body)).isEqualTo(new Reading.NotAnEvent());
    }

    @ParameterizedTest
    @MethodSource("dev.plinto.polar.testing.OddBodies#thatAreEvents")
    void oddEvent_isOfAnUnknownType(String name, byte[] body) {
        assertThat(reader().read("evt", body)).isEqualTo(new Reading.UnknownType("wallet.topped_up"));
    }

    @Test
    void duplicateKey_isNotAnEvent() {
        assertThat(read("order.paid", "{\"id\":\"o\",\"customer_id\":\"c\",\"x\":{\"a\":1,\"a\":1}}"))
                .isEqualTo(new Reading.NotAnEvent());
    }

    /// Valid JSON, but no number in Java has such an exponent.
    @ParameterizedTest
    @ValueSource(strings = {"1E21474836481", "1e-99999999999", "0.1E+99999999999999999999"})
    void tooLargeExponent_isNotAnEvent(String number) {
        assertThat(read("product.created", "{\"id\":\"p\",\"metadata\":{\"x\":" + number + "}}"))
                .isEqualTo(new Reading.NotAnEvent());
        assertThat(readBody("{\"type\":\"wallet.topped_up\",\"x\":" + number + "}"))
                .isEqualTo(new Reading.NotAnEvent());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"type":"order.paid"}
            {"type":"order.paid","timestamp":"2026-11-20T07:00:00Z"}
            {"type":"order.paid","timestamp":"2026-11-20T07:00:00Z","data":null}
            {"type":"order.paid","timestamp":"2026-11-20T07:00:00Z","data":"text"}
            {"type":"order.paid","timestamp":"2026-11-20T07:00:00Z","data":[]}
            {"type":"order.paid","timestamp":"2026-11-20T07:00:00Z","data":{}}
            {"type":"order.paid","timestamp":"2026-11-20T07:00:00Z","data":{"id":"o"}}
            {"type":"order.paid","timestamp":"2026-11-20T07:00:00Z","data":{"customer_id":"c"}}
            {"type":"order.paid","timestamp":"2026-11-20T07:00:00Z","data":{"id":" ","customer_id":"c"}}
            {"type":"order.paid","timestamp":"2026-11-20T07:00:00Z","data":{"id":7,"customer_id":"c"}}
            {"type":"order.paid","timestamp":"2026-11-20T07:00:00Z","data":{"id":"o","customer_id":{}}}
            {"type":"order.paid","data":{"id":"o","customer_id":"c"}}
            {"type":"order.paid","timestamp":null,"data":{"id":"o","customer_id":"c"}}
            {"type":"order.paid","timestamp":1795500000,"data":{"id":"o","customer_id":"c"}}
            {"type":"order.paid","timestamp":"","data":{"id":"o","customer_id":"c"}}
            {"type":"order.paid","timestamp":"2026-11-20","data":{"id":"o","customer_id":"c"}}
            {"type":"order.paid","timestamp":"2026-11-20T07:00:00","data":{"id":"o","customer_id":"c"}}
            {"type":"order.paid","timestamp":"1969-12-31T23:59:59Z","data":{"id":"o","customer_id":"c"}}
            {"type":"order.paid","timestamp":"+10000-01-01T00:00:00Z","data":{"id":"o","customer_id":"c"}}
            {"type":"benefit_grant.created","timestamp":"2026-11-20T07:00:00Z","data":{"id":"g","customer_id":"c"}}
            {"type":"customer.state_changed","timestamp":"2026-11-20T07:00:00Z","data":{"id":"c","granted_benefits":{}}}
            {"type":"customer.state_changed","timestamp":"2026-11-20T07:00Z","data":{"id":"c","granted_benefits":[1]}}
            """)
    void eventWithoutTimestampOrIds_isMalformed(String body) {
        assertThat(readBody(body)).isInstanceOf(Reading.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"status\":1", "\"status\":{}", "\"amount\":\"100\"", "\"amount\":1.5", "\"amount\":1e400",
            "\"amount\":1E999999999", "\"amount\":1e-999999999", "\"amount\":9223372036854775808", "\"amount\":true",
            "\"amount\":1234567890123456789012345678901234567890" + "1234567890123456789012345678901234567890",
            "\"seats\":[]", "\"cancel_at_period_end\":\"true\"", "\"cancel_at_period_end\":0", "\"ends_at\":1795500000",
            "\"ends_at\":\"tomorrow\"", "\"currency\":[\"usd\"]", "\"status\":\"a\\u0000\"", "\"status\":\"\\ud800\"",
            "\"product\":\"text\"", "\"product\":[1]", "\"product\":{\"id\":7}",
            "\"metadata\":\"text\"", "\"metadata\":[1]",
            "\"metadata\":{\"organization_id\":true}", "\"metadata\":{\"organization_id\":1.5}",
            "\"customer\":{\"id\":[]}"})
    void fieldOfAnotherTypeThanDocumented_isMalformed(String field) {
        Reading reading = read("subscription.updated", """
                {"id":"sub","customer_id":"cus","modified_at":"2026-11-20T06:59:59Z",%s}""".formatted(
                field.replace("{\"id\":", "{\"modified_at\":\"2026-11-20T06:59:59Z\",\"id\":")));

        assertThat(reading).isInstanceOfSatisfying(Reading.Malformed.class, malformed -> {
            assertThat(malformed.type()).isEqualTo("subscription.updated");
            assertThat(malformed.detail()).startsWith("event.data.").doesNotContain("123456", "tomorrow", "text,");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1E+2                | 100
            100.0               | 100
            -5                  | -5
            9223372036854775807 | 9223372036854775807
            0e999999999         | 0
            null                |
            """)
    void wholeNumber_mayBeWrittenInAnyForm(String written, Long amount) {
        assertThat(subscription("\"amount\":" + written).facts().get(Subscription.AMOUNT)).isEqualTo(amount);
    }

    @Test
    void unknownFieldsAndValues_areAccepted() {
        Subscription subscription = subscription("""
                "status":"hibernating","recurring_interval":"century","currency":"xxx","units":{"a":[1e400]},
                "prices":"?","meters":null,"quux":"\\u0000","pending_update":[[]]""");

        assertThat(subscription.facts().get(Subscription.STATUS)).isEqualTo("hibernating");
        assertThat(subscription.facts().get(Subscription.RECURRING_INTERVAL)).isEqualTo("century");
    }

    @Test
    void missingField_isNoStatement_andNullIsOne() {
        Subscription subscription = subscription("\"ends_at\":null");

        assertThat(subscription.facts().stamped(Subscription.ENDS_AT).value()).isNull();
        assertThat(subscription.facts().stamped(Subscription.ENDED_AT)).isNull();
        assertThat(subscription.facts().stamped(Subscription.ORGANIZATION_ID)).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            {"organization_id":"org-1"}      | org-1
            {"organization_id":4711}         | 4711
            {"organization_id":null}         | none
            {"other":"x"}                    | none
            {}                               | none
            []                               | none
            null                             | none
            """)
    void organization_isThatOfTheMetadata(String metadata, String organization) {
        Subscription subscription = subscription("\"metadata\":" + metadata);

        assertThat(subscription.facts().stamped(Subscription.ORGANIZATION_ID).value()).isEqualTo(organization);
    }

    /// The account falls back to the customer; it must not become that of another customer.
    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"  \"", "\"customer:cus-of-another\""})
    void organizationThatIsNoAccount_doesNotStopTheEvent(String organization) {
        assertThat(subscription("\"metadata\":{\"organization_id\":" + organization + "}")).isNotNull();
    }

    @Test
    void numbersInMetadata_keepEveryDigit() {
        String digits = "9".repeat(100);
        Subscription subscription = subscription("\"product\":{\"id\":\"p\",\"metadata\":{\"big\":" + digits
                + ",\"infinite\":1e400,\"enormous\":1E999999999}}");

        assertThat(subscription.facts().get(Subscription.PRODUCT_METADATA))
                .isEqualTo("{\"big\":" + digits + ",\"infinite\":1E+400,\"enormous\":1E+999999999}");
    }

    @Test
    void emptyMetadataReencodedByPhp_isAnEmptyObject() {
        assertThat(subscription("\"product\":{\"id\":\"p\",\"metadata\":[]}").facts()
                .get(Subscription.PRODUCT_METADATA))
                .isEqualTo("{}");
    }

    static Stream<String> typesWithoutEffect() {
        return Stream.of(EventType.values()).map(EventType::wireName)
                .filter(type -> type.matches("(checkout|customer_seat|member|refund|discount|organization)\\..*"));
    }

    @ParameterizedTest
    @MethodSource("typesWithoutEffect")
    void typesWithoutEffect_stateNothing(String type) {
        assertThat(understood(type, "{\"id\":1,\"customer_id\":[],\"status\":{}}")).isEmpty();
    }

    @Test
    void cause_isTheEventItself() {
        assertThat(((Reading.Understood) read("product.created", "{\"id\":\"pro\"}")).event().cause())
                .isEqualTo(new Cause("product.created", "evt", SAID));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            product.updated      | {"id":"p","organization_id":"OTHER"}
            customer.created     | {"id":"c","organization_id":"OTHER"}
            organization.updated | {"id":"OTHER"}
            subscription.created | {"id":"s","customer_id":"c","product":{"id":"p","organization_id":"OTHER"}}
            order.paid           | {"id":"o","customer_id":"c","customer":{"id":"c","organization_id":"OTHER"}}
            benefit_grant.cycled | {"id":"g","customer_id":"c","benefit_id":"b","benefit":{"organization_id":"OTHER"}}
            """)
    void eventOfAnotherMerchant_isRefused(String type, String data) {
        EventReader ours = new EventReader(Optional.of(MERCHANT));

        assertThat(ours.read("evt", body(type, data))).isEqualTo(new Reading.OtherMerchant(type));
        assertThat(ours.read("evt", body(type, data.replace("OTHER", MERCHANT))))
                .isInstanceOf(Reading.Understood.class);
        assertThat(reader().read("evt", body(type, data))).isInstanceOf(Reading.Understood.class);
    }

    private static Subscription subscription(String fields) {
        return (Subscription) understood(
                "subscription.updated", "{\"id\":\"sub\",\"customer_id\":\"cus\"," + fields + "}")
                .getFirst();
    }

    private static List<TrackedObject> understood(String type, String data) {
        Reading reading = read(type, data);
        assertThat(reading).isInstanceOf(Reading.Understood.class);
        return ((Reading.Understood) reading).event().statements();
    }

    private static Reading read(String type, String data) {
        return reader().read("evt", body(type, data));
    }

    private static Reading readBody(String body) {
        return reader().read("evt", body.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] body(String type, String data) {
        return "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":%s}".formatted(type, SAID, data)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static EventReader reader() {
        return new EventReader(Optional.empty());
    }
}
