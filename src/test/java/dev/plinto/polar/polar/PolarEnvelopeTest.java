package dev.plinto.polar.polar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PolarEnvelopeTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            subscription.updated   | {"id":"sub","customer_id":"cus"}    | cus
            benefit_grant.created  | {"customer_id":"cus","id":"grant"}  | cus
            customer_seat.assigned | {"id":"seat","customer_id":"cus"}   | cus
            customer.updated       | {"id":"cus"}                        | cus
            customer.state_changed | {"id":"cus","customer_id":"other"}  | cus
            product.updated        | {"id":"prod"}                       | prod
            checkout.created       | {"id":"che","customer_id":null}     | che
            customer_seat.assigned | {"id":"seat","customer_id":""}      | seat
            order.paid             | {"id":"ord","customer_id":7}        | ord
            order.paid             | {"id":"ord","customer_id":{"id":1}} | ord
            order.paid             | {"id":"ord","customer_id":"a b"}    | ord
            wallet.topped_up       | {"id":"wal","customer_id":"cus"}    | cus
            customer.updated       | {"customer_id":"cus"}               |
            wallet.topped_up       | {}                                  |
            wallet.topped_up       | {"id":null}                         |
            wallet.topped_up       | null                                |
            wallet.topped_up       | []                                  |
            wallet.topped_up       | [{"id":"in a list"}]                |
            wallet.topped_up       | "text"                              |
            """)
    void subject_isTheCustomerElseTheObject(String type, String data, String subject) {
        assertThat(scan("{\"type\":\"" + type + "\",\"data\":" + data + "}"))
                .hasValue(new Envelope(type, null, subject));
    }

    @Test
    void subject_isNotReadFromNestedObjects() {
        assertThat(scan("""
                {"type":"order.paid","data":{"customer":{"id":"deep","customer_id":"deep"},"items":[{"id":"deep"}]},
                 "id":"outside","customer_id":"outside"}"""))
                .hasValue(new Envelope("order.paid", null, null));
    }

    @Test
    void keys_mayComeInAnyOrder() {
        assertThat(scan("""
                {"data":{"id":"ord","customer_id":"cus"},"api_version":"2026-10",
                 "timestamp":"2026-11-20T07:00:00.000001Z","type":"order.paid"}"""))
                .hasValue(new Envelope("order.paid", "2026-11-20T07:00:00.000001Z", "cus"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"type":"a","timestamp":null}
            {"type":"a","timestamp":1795500000}
            {"type":"a","timestamp":""}
            {"type":"a","timestamp":"2026-11-20\\r\\nevil: header"}
            {"type":"a","timestamp":["2026-11-20T07:00:00Z"]}
            {"type":"a","timestamp":"yesterday"}
            {"type":"a","timestamp":"2026-11-20"}
            {"type":"a","timestamp":"2026-11-20T07:00Z"}
            {"type":"a","timestamp":"2026-11-20T07:00:00"}
            {"type":"a","timestamp":"2026-11-31T07:00:00Z"}
            {"type":"a","timestamp":"2026-11-20T25:00:00Z"}
            {"type":"a","timestamp":"2026-11-20T07:00:00+99:00"}
            {"type":"a","timestamp":"2026-11-20 07:00:00Z"}
            {"type":"a"}
            """)
    void invalidTimestamp_isNull(String body) {
        assertThat(scan(body)).hasValue(new Envelope("a", null, null));
    }

    @ParameterizedTest
    @MethodSource("dev.plinto.polar.testing.OddBodies#thatAreNoEvent")
    void nonEvent_isEmpty(String name, byte[] body) {
        assertThat(PolarEnvelope.scan(body)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.plinto.polar.testing.OddBodies#thatAreEvents")
    void oddEvent_isAnEvent(String name, byte[] body) {
        assertThat(PolarEnvelope.scan(body)).map(Envelope::type).hasValue("wallet.topped_up");
    }

    /// A type becomes a record's header, a subject its key.
    @Test
    void namesBeyond256Characters_areNotUsed() {
        String longest = "t".repeat(256);
        assertThat(scan("{\"type\":\"" + longest + "\"}")).map(Envelope::type).hasValue(longest);
        assertThat(scan("{\"type\":\"t" + longest + "\"}")).isEmpty();
        assertThat(scan("{\"type\":\"a\",\"data\":{\"id\":\"i" + longest + "\"}}")).map(Envelope::subject).isEmpty();
    }

    @Test
    void prefixOfAnEvent_isEmpty() {
        byte[] body = utf8("{\"type\":\"order.paid\",\"data\":{\"id\":\"ord\",\"n\":[1.5e3,true,null]}}");
        for (int length = 0; length < body.length; length++) {
            assertThat(PolarEnvelope.scan(Arrays.copyOf(body, length))).as("%d bytes", length).isEmpty();
        }
        assertThat(PolarEnvelope.scan(body)).isPresent();
    }

    private static Optional<Envelope> scan(String body) {
        return PolarEnvelope.scan(utf8(body));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
