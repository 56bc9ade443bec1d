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
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The topics of `k8s/` are those that the service makes where it may, and what scales by one names it.
class ClusterTopicsIT {

    @ParameterizedTest
    @ValueSource(strings = {"staging-kafka", "production-kafka"})
    void everyTopic_isAsTheContractWantsIt(String name) throws ReflectiveOperationException {
        short replication = Short.parseShort(settingsDefault("replication"));
        Map<String, Map<String, String>> wanted = TopicSettings.all(replication).stream()
                .collect(Collectors.toMap(TopicSettings::name, TopicSettings::settings));

        Map<String, Map<String, String>> made = Rendered.of(name).kind("KafkaTopic").collect(Collectors.toMap(
                topic -> topic.at("/metadata/name").textValue(),
                topic -> topic.at("/spec/config").properties().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, setting -> setting.getValue().asText()))));

        assertThat(made).isEqualTo(wanted);
        assertThat(Rendered.of(name).kind("KafkaTopic")).allSatisfy(topic -> {
            assertThat(topic.at("/spec/partitions").asText()).isEqualTo(settingsDefault("partitions"));
            assertThat(topic.at("/spec/replicas").asInt()).isEqualTo(replication);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void projection_scalesByItsOwnLag_andToNoMoreThanItsPartitions(String name) throws Exception {
        JsonNode scaler = Rendered.of(name).kind("ScaledObject").findFirst().orElseThrow().get("spec");
        JsonNode lag = scaler.at("/triggers/0/metadata");

        assertThat(lag.get("topic").textValue()).isEqualTo(Topics.RECEIVED);
        assertThat(lag.get("consumerGroup").textValue()).isEqualTo(group());
        assertThat(lag.get("excludePersistentLag").textValue()).isEqualTo("true");
        assertThat(lag.get("bootstrapServersFromEnv").textValue()).isEqualTo("KAFKA_BOOTSTRAP_SERVERS");
        assertThat(scaler.get("maxReplicaCount").intValue())
                .isLessThanOrEqualTo(Integer.parseInt(settingsDefault("partitions")));
        assertThat(scaler.get("minReplicaCount").intValue()).isGreaterThanOrEqualTo(2);
    }

    private static String group() throws IOException {
        var settings = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            settings.load(file);
        }
        return settings.getProperty("mp.messaging.incoming.received.group.id");
    }

    private static String settingsDefault(String name) throws ReflectiveOperationException {
        return TopicCreationConfig.class.getDeclaredMethod(name).getAnnotation(WithDefault.class).value();
    }
}
