package dev.plinto.polar.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.plinto.polar.testing.ApiDocument;
import dev.plinto.polar.testing.ReceivedTopic;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// The records of each topic, as `api/asyncapi.yaml` describes them.
final class AsyncApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApiDocument document = ApiDocument.asyncapi();

    /// A record in the terms of the document.
    ///
    /// @param message its name in the document
    /// @param payload null if the document allows any bytes
    record DocumentedRecord(String message, JsonNode key, JsonNode headers, JsonNode payload) {}

    /// `message/example` for each example; these are the kinds of messages.
    Set<String> kinds() {
        Set<String> kinds = new TreeSet<>();
        document.at("/components/messages").properties().forEach(message -> message.getValue().get("examples")
                .forEach(example -> kinds.add(message.getKey() + "/" + example.get("name").textValue())));
        return kinds;
    }

    DocumentedRecord read(ConsumerRecord<String, byte[]> record) throws IOException {
        ObjectNode headers = JSON.createObjectNode();
        ReceivedTopic.headers(record).forEach(headers::put);
        String message = messageOf(record.topic(), headers.path("ce_type").asText());
        boolean anyBytes = document.at(pointer(message) + "/payload").isEmpty();
        return new DocumentedRecord(message, TextNode.valueOf(record.key()), headers,
                anyBytes ? null : JSON.readTree(record.value()));
    }

    List<String> faultsOfHeaders(DocumentedRecord record) {
        return document.faults(pointer(record.message) + "/headers", record.headers);
    }

    List<String> faultsOfPayload(DocumentedRecord record) {
        return record.payload == null
                ? List.of()
                : document.faults(pointer(record.message) + "/payload", record.payload);
    }

    List<String> faultsOfKey(DocumentedRecord record) {
        return document.faults(pointer(record.message) + "/bindings/kafka/key", record.key);
    }

    /// The topic's message with exactly this type, or the one with several types.
    private String messageOf(String topic, String ceType) {
        List<String> messages = document.at("/channels").valueStream()
                .filter(channel -> channel.get("address").textValue().equals(topic))
                .flatMap(channel -> channel.get("messages").propertyStream())
                .map(Map.Entry::getKey)
                .toList();
        return messages.stream().filter(message -> ceType.equals(onlyType(message))).findFirst()
                .or(() -> messages.stream().filter(message -> onlyType(message) == null).findFirst())
                .orElse(messages.getFirst());
    }

    private String onlyType(String message) {
        return document.at(pointer(message) + "/headers/properties/ce_type/const").textValue();
    }

    private static String pointer(String message) {
        return "/components/messages/" + message;
    }
}
