package dev.plinto.polar.polar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.entitlement.Cause;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Reading;
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

    /// No number in Java has such an exponent, and none needs to be made.
    @ParameterizedTest
    @ValueSource(strings = {"1E21474836481", "1e-99999999999", "0.1E+99999999999999999999"})
    void tooLargeExponent_isKeptAsItIs(String number) {
        assertThat(productMetadata("{\"x\":" + number + "}")).isEqualTo("{\"x\":" + number + "}");
        assertThat(readBody("{\"type\":\"wallet.topped_up\",\"x\":" + number + "}"))
                .isEqualTo(new Reading.UnknownType("wallet.topped_up"));
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
            "\"ends_at\":\"tomorrow\"", "\"currency\":[\"usd\"]", "\"amount\":1E21474836481",
            "\"product_id\":\"a\\u0000\"",
            "\"product_id\":\"\\ud800\"", "\"metadata\":{\"organization_id\":\"org\\udc00\"}",
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

    @ParameterizedTest
    @ValueSource(strings = {"2000.0", "100.0", "2e3", "1E+2", "1e400", "1E-400", "0.1234567890123456789", "-0", "-0.0",
            "1.50", "0.0000001", "12345678901234567890", "1E999999999", "9007199254740993", "0", "-7"})
    void numberInMetadata_isKeptAsItWasWritten(String number) {
        assertThat(productMetadata("{\"n\":" + number + ",\"deep\":[{\"n\":" + number + "}]}"))
                .isEqualTo("{\"n\":" + number + ",\"deep\":[{\"n\":" + number + "}]}");
    }

    @Test
    void longNumber_isKeptAsItWasWritten_andIsNoAmount() {
        String digits = "9".repeat(200_000);

        assertThat(productMetadata("{\"big\":" + digits + ",\"precise\":0." + digits + "}"))
                .isEqualTo("{\"big\":" + digits + ",\"precise\":0." + digits + "}");
        assertThat(read("order.paid", "{\"id\":\"o\",\"customer_id\":\"c\",\"total_amount\":" + digits + "}"))
                .isInstanceOf(Reading.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\ud83d", "\\ude00", "\\ude00\\ud83d"})
    void characterThatNoTextHas_isReplaced_andTheEventApplied(String bad) {
        String replaced = bad.replaceAll("\\\\u....", "\ufffd");
        Subscription subscription = subscription("""
                "status":"act%1$sive","product":{"id":"p","name":"Pro%1$s","metadata":{"k%1$s":["v%1$s"],"n":2.0}}"""
                .formatted(bad));
        Grant grant = (Grant) understood("benefit_grant.created", """
                {"id":"g","customer_id":"c","benefit_id":"b","is_granted":true,
                 "benefit":{"description":"Help%1$s","type":"custom","metadata":{"feature":"help%1$s"}}}"""
                .formatted(bad)).getFirst();

        assertThat(subscription.facts().get(Subscription.STATUS)).isEqualTo("act" + replaced + "ive");
        assertThat(subscription.facts().get(Subscription.PRODUCT_NAME)).isEqualTo("Pro" + replaced);
        assertThat(subscription.facts().get(Subscription.PRODUCT_METADATA))
                .isEqualTo("{\"k" + replaced + "\":[\"v" + replaced + "\"],\"n\":2.0}");
        assertThat(grant.facts().get(Grant.DESCRIPTION)).isEqualTo("Help" + replaced);
        assertThat(grant.facts().get(Grant.FEATURE)).isEqualTo("help" + replaced);
    }

    @Test
    void wholeSurrogatePair_staysWhatItIs() {
        assertThat(subscription("\"product\":{\"id\":\"p\",\"name\":\"\\ud83d\\ude00 \\\\u0000\"}").facts()
                .get(Subscription.PRODUCT_NAME)).isEqualTo("\ud83d\ude00 \\u0000");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1970-01-01T00:00:00Z              | 1970-01-01T00:00:00Z
            9999-12-31T23:59:59.999999Z       | 9999-12-31T23:59:59.999999Z
            9999-12-31T23:59:59.999999999Z    | 9999-12-31T23:59:59.999999Z
            1970-01-01T05:30:00+05:30         | 1970-01-01T00:00:00Z
            1969-12-31T16:00:00-08:00         | 1970-01-01T00:00:00Z
            2026-11-20T08:30:00.5+01:30       | 2026-11-20T07:00:00.500Z
            2026-11-20T07:00:00.123456789Z    | 2026-11-20T07:00:00.123456Z
            2026-11-20T07:00:00.1234567891234Z| 2026-11-20T07:00:00.123456Z
            2026-11-20t07:00:00z              | 2026-11-20T07:00:00Z
            2026-11-20T07:00:00-00:00         | 2026-11-20T07:00:00Z
            2016-12-31T23:59:60Z              | 2017-01-01T00:00:00Z
            1990-12-31T15:59:60.25-08:00      | 1991-01-01T00:00:00.250Z
            2024-02-29T24:00:00Z              |
            2026-11-20T07:00:60Z              |
            1969-12-31T23:59:59.999999999Z    |
            1970-01-01T00:30:00+01:00         |
            9999-12-31T23:59:60Z              |
            9999-12-31T23:30:00-01:00         |
            10000-01-01T00:00:00Z             |
            2026-02-29T00:00:00Z              |
            2026-11-20T07:08:09.123456Z       | 2026-11-20T07:08:09.123456Z
            2016-12-31T23:59:60.000001Z       | 2017-01-01T00:00:00.000001Z
            2026-11-20T07:00:60.000000Z       |
            2026-11-20T24:00:00.000000Z       |
            2026-02-29T00:00:00.000000Z       |
            2026-13-01T00:00:00.000000Z       |
            1969-12-31T23:59:59.999999Z       |
            +026-11-20T07:00:00.000000Z       |
            2026-11-20T07:00:00.-00001Z       |
            2026-11-20T07:00:00.00000١Z       |
            2026-11-20T07:08:09.123Z          | 2026-11-20T07:08:09.123Z
            2026-11-20T07:08:09.5Z            | 2026-11-20T07:08:09.500Z
            2026-11-20T07:08:09Z              | 2026-11-20T07:08:09Z
            2016-12-31T23:59:60.001Z          | 2017-01-01T00:00:00.001Z
            2026-11-20T07:00:60.000Z          |
            2026-11-20T24:00:00.000Z          |
            2026-02-29T00:00:00.000Z          |
            2026-11-20T07:00:00.-01Z          |
            2026-11-20T07:00:00.00+           |
            """)
    void time_isAnInstantFrom1970To9999(String written, Instant time) {
        Reading reading = read("subscription.updated",
                "{\"id\":\"sub\",\"customer_id\":\"cus\",\"current_period_start\":\"" + written + "\"}");

        if (time == null) {
            assertThat(reading).isEqualTo(new Reading.Malformed("subscription.updated",
                    "event.data.current_period_start is not a time in RFC 3339 between 1970 and 9999"));
        } else {
            assertThat(((Reading.Understood) reading).event().statements().getFirst().facts()
                    .get(Subscription.CURRENT_PERIOD_START)).isEqualTo(time);
        }
    }

    @Test
    void emptyMetadataReencodedByPhp_isAnEmptyObject() {
        assertThat(subscription("\"product\":{\"id\":\"p\",\"metadata\":[]}").facts()
                .get(Subscription.PRODUCT_METADATA))
                .isEqualTo("{}");
    }

    static Stream<String> typesWithoutEffect() {
        return Stream.of(EventType.values()).map(EventType::wireName)
                .filter(type -> type.matches("(refund|discount|organization)\\..*"));
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

        assertThat(ours.read("evt", body(type, data))).isEqualTo(new Reading.OtherMerchant(type,
                "it belongs to another organization at Polar than POLAR_ORGANIZATION_ID"));
        assertThat(ours.read("evt", body(type, data.replace("OTHER", MERCHANT))))
                .isInstanceOf(Reading.Understood.class);
        assertThat(reader().read("evt", body(type, data))).isInstanceOf(Reading.Understood.class);
    }

    private static String productMetadata(String metadata) {
        return subscription("\"product\":{\"id\":\"p\",\"metadata\":" + metadata + "}").facts()
                .get(Subscription.PRODUCT_METADATA);
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
