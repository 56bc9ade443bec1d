package dev.plinto.polar.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class TopicLineTest {

    @Test
    void jsonValue_isShownAsJson_onOneLine() throws IOException {
        assertThat(line("org-1", "{\n  \"balance\": 75.0\n}")).isEqualTo("""
                {"partition":3,"offset":41,"key":"org-1","headers":{"ce_id":"org-1:7"},"value":{"balance":75.0}}
                """);
    }

    @Test
    void number_isShownAsItIsOnTheTopic() throws IOException {
        String numbers = "[2000.0,1e400,-0.0,0.1234567890123456789]";
        assertThat(line("org-1", numbers)).endsWith("\"value\":" + numbers + "}\n");
    }

    @Test
    void otherValue_isShownAsText() throws IOException {
        assertThat(line("org-1", "{\"a\":1} trailing")).endsWith("""
                "value":"{\\"a\\":1} trailing"}
                """);
        assertThat(line("org-1", "")).endsWith("""
                "value":""}
                """);
    }

    @Test
    void tombstone_isShownAsNull() throws IOException {
        assertThat(line(null, null)).isEqualTo("""
                {"partition":3,"offset":41,"key":null,"headers":{"ce_id":"org-1:7"},"value":null}
                """);
    }

    private static String line(String key, String value) throws IOException {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("topic", 3, 41, bytes(key), bytes(value));
        record.headers().add("ce_id", bytes("org-1:7"));
        return new String(TopicLine.of(record), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
