package dev.plinto.polar.start;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Topics;
import dev.plinto.polar.deploy.Rendered;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The topics in `k8s/` equal those that the service creates, and the scaler of the projection reads its lag on them.
class ClusterTopicsIT {

    @ParameterizedTest
    @ValueSource(strings = {"staging-kafka", "production-kafka"})
    void everyTopic_hasTheContractsSettings(String name) throws ReflectiveOperationException {
        short replication = Short.parseShort(defaultOf("replication"));
        Map<String, Map<String, String>> expected = TopicSettings
                .all(List.of(Topics.RECEIVED, Topics.CONEKTA_RECEIVED), replication).stream()
                .collect(Collectors.toMap(TopicSettings::name, TopicSettings::settings));

        Map<String, Map<String, String>> declared = Rendered.of(name).kind("KafkaTopic").collect(Collectors.toMap(
                topic -> topic.at("/metadata/name").textValue(),
                topic -> topic.at("/spec/config").properties().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, setting -> setting.getValue().asText()))));

        assertThat(declared).isEqualTo(expected);
        assertThat(Rendered.of(name).kind("KafkaTopic")).allSatisfy(topic -> {
            assertThat(topic.at("/spec/partitions").asText()).isEqualTo(defaultOf("partitions"));
            assertThat(topic.at("/spec/replicas").asInt()).isEqualTo(replication);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void projection_scalesByItsLagUpToItsPartitions(String name) throws Exception {
        JsonNode scaler = Rendered.of(name).kind("ScaledObject").findFirst().orElseThrow().get("spec");
        JsonNode lag = scaler.at("/triggers/0/metadata");

        assertThat(lag.get("topic").textValue()).isEqualTo(Topics.RECEIVED);
        assertThat(lag.get("consumerGroup").textValue()).isEqualTo(consumerGroup());
        assertThat(lag.get("excludePersistentLag").textValue()).isEqualTo("true");
        assertThat(lag.get("bootstrapServersFromEnv").textValue()).isEqualTo("KAFKA_BOOTSTRAP_SERVERS");
        assertThat(scaler.get("maxReplicaCount").intValue())
                .isLessThanOrEqualTo(Integer.parseInt(defaultOf("partitions")));
        assertThat(scaler.get("minReplicaCount").intValue()).isGreaterThanOrEqualTo(2);
    }

    private static String consumerGroup() throws IOException {
        var settings = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            settings.load(file);
        }
        return settings.getProperty("mp.messaging.incoming.received.group.id");
    }

    private static String defaultOf(String name) throws ReflectiveOperationException {
        return TopicCreationConfig.class.getDeclaredMethod(name).getAnnotation(WithDefault.class).value();
    }
}
