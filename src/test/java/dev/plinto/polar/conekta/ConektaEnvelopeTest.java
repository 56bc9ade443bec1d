package dev.plinto.polar.conekta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConektaEnvelopeTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"object":{"id":"sub","customer_id":"cus"}}                                           | cus
            {"object":{"customer_info":{"customer_id":"cus"},"id":"ord"}}                         | cus
            {"object":{"customer_info":{"customer_id":"buyer"},"customer_id":"cus"}}              | cus
            {"object":{"id":"ord","customer_info":{"name":"A"}}}                                  | ord
            {"object":{"id":"ord","customer_info":null,"customer_id":null}}                       | ord
            {"object":{"id":"ord","customer_info":[{"customer_id":"in a list"}],"customer_id":7}} | ord
            {"object":{"id":"ord","customer_id":"a b"}}                                           | ord
            {"object":{"id":"ord","charges":{"data":[{"id":"cha","customer_id":"deep"}]}}}        | ord
            {"previous_attributes":{"id":"old","customer_id":"old"},"object":{"id":"ord"}}        | ord
            {"object":{"id":""}}                                                                  |
            {"object":[]}                                                                         |
            {"action":"ping","id":"outside"}                                                      |
            {}                                                                                    |
            null                                                                                  |
            "text"                                                                                |
            """)
    void subject_isTheCustomerElseTheObject(String data, String subject) {
        assertThat(scan("{\"type\":\"order.paid\",\"data\":" + data + "}"))
                .hasValue(new ConektaEnvelope(new Envelope("order.paid", null, subject), null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0              | 1970-01-01T00:00:00.000000Z
            1795500000     | 2026-11-24T06:00:00.000000Z
            "1795500000"   | 2026-11-24T06:00:00.000000Z
            253402300799   | 9999-12-31T23:59:59.000000Z
            253402300800   |
            9999999999999  |
            -1             |
            1795500000.5   |
            1e9            |
            "yesterday"    |
            null           |
            true           |
            [1795500000]   |
            """)
    void timestamp_isTheTimeOfTheEvent(String createdAt, String timestamp) {
        assertThat(scan("{\"type\":\"order.paid\",\"created_at\":" + createdAt + "}"))
                .hasValue(new ConektaEnvelope(new Envelope("order.paid", timestamp, null), null));
    }

    @Test
    void keys_mayComeInAnyOrder() {
        assertThat(scan("""
                {"data":{"object":{"id":"ord"},"previous_attributes":{}},"webhook_logs":[{"id":"log"}],
                 "livemode":true,"created_at":1795500000,"id":"evt","type":"order.paid"}"""))
                .hasValue(new ConektaEnvelope(new Envelope("order.paid", "2026-11-24T06:00:00.000000Z", "ord"), "evt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "\"text\"", "{}", "{\"id\":\"evt\"}", "{\"type\":null}", "{\"type\":7}",
            "{\"type\":\"\"}", "{\"type\":\"a b\"}", "{\"type\":\"order.paid\"} {}", "{\"type\":\"order.paid\"",
            "{\"type\":\"order.paid\",\"type\":\"order.paid\"}", "{\"id\":\"a\",\"type\":\"order.paid\",\"id\":\"b\"}",
            "{\"data\":{},\"type\":\"order.paid\",\"data\":{}}"})
    void whatIsNoEvent_isNone(String body) {
        assertThat(scan(body)).isEmpty();
    }

    @Test
    void bytesThatAreNotUtf8_areNoEvent() {
        byte[] body = "{\"type\":\"order.paid\",\"name\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(ConektaEnvelope.scan(body)).isEmpty();
    }

    private static Optional<ConektaEnvelope> scan(String body) {
        return ConektaEnvelope.scan(body.getBytes(StandardCharsets.UTF_8));
    }
}
