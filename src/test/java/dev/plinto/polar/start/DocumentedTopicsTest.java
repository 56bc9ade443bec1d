package dev.plinto.polar.start;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.ApiDocument;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The topics in `api/asyncapi.yaml` equal those that the service creates by default.
class DocumentedTopicsTest {

    private static final ApiDocument ASYNCAPI = ApiDocument.asyncapi();

    @Test
    void everyTopic_isDocumentedWithItsSettings() throws ReflectiveOperationException {
        String partitions = defaultOf("partitions");
        String replication = defaultOf("replication");
        Map<String, Map<String, String>> created = new HashMap<>();
        TopicSettings.all(List.of(Topics.RECEIVED, Topics.CONEKTA_RECEIVED), Short.parseShort(replication))
                .forEach(topic -> created.put(topic.name(), topic.settings()));
        Map<String, Map<String, String>> documented = new HashMap<>();
        ASYNCAPI.at("/channels")
                .forEach(channel -> documented.put(channel.get("address").textValue(), settings(kafka(channel))));

        assertThat(documented).isEqualTo(created);
        assertThat(ASYNCAPI.at("/channels")).allSatisfy(channel -> {
            assertThat(kafka(channel).get("topic")).isEqualTo(channel.get("address"));
            assertThat(kafka(channel).get("partitions").asText()).isEqualTo(partitions);
            assertThat(kafka(channel).get("replicas").asText()).isEqualTo(replication);
        });
    }

    @Test
    void projectionsConsumerGroup_isDocumented() throws IOException {
        Properties settings = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            settings.load(file);
        }

        assertThat(ASYNCAPI.at("/operations/projectDelivery/bindings/kafka/groupId/const").textValue())
                .isEqualTo(settings.getProperty("mp.messaging.incoming.received.group.id"));
        assertThat(ASYNCAPI.at("/operations/projectConektaDelivery/bindings/kafka/groupId/const").textValue())
                .isEqualTo(settings.getProperty("mp.messaging.incoming.conekta-received.group.id"));
    }

    private static String defaultOf(String name) throws ReflectiveOperationException {
        return TopicCreationConfig.class.getDeclaredMethod(name).getAnnotation(WithDefault.class).value();
    }

    private static JsonNode kafka(JsonNode channel) {
        return channel.at("/bindings/kafka");
    }

    private static Map<String, String> settings(JsonNode kafka) {
        return kafka.get("topicConfiguration").properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, setting -> text(setting.getValue())));
    }

    /// A list as Kafka's settings write it.
    private static String text(JsonNode value) {
        return value.isArray()
                ? value.valueStream().map(JsonNode::asText).collect(Collectors.joining(","))
                : value.asText();
    }
}
