package dev.plinto.polar.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.ExactJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// A Kafka record as one line of JSON, for people and for tests.
final class TopicLine {

    private static final ObjectMapper JSON = new ObjectMapper();

    private TopicLine() {}

    static byte[] of(ConsumerRecord<byte[], byte[]> record) throws JsonProcessingException {
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("partition", record.partition())
                .put("offset", record.offset())
                .put("key", text(record.key()));
        ObjectNode headers = line.putObject("headers");
        record.headers().forEach(header -> headers.put(header.key(), text(header.value())));
        line.set("value", jsonOrText(record.value()));
        byte[] json = JSON.writeValueAsBytes(line);
        byte[] ended = Arrays.copyOf(json, json.length + 1);
        ended[json.length] = '\n';
        return ended;
    }

    private static JsonNode jsonOrText(byte[] value) {
        if (value == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        try {
            JsonNode json = ExactJson.read(value);
            if (!json.isMissingNode()) {
                return json;
            }
        } catch (IOException e) {
            // A delivery need not be JSON; then it is returned as text.
        }
        return JsonNodeFactory.instance.textNode(text(value));
    }

    private static String text(byte[] value) {
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }
}
