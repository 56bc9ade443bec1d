package dev.plinto.polar.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.junit.jupiter.api.Test;

/// `deploy/compose.yaml` fits the application and the files that it mounts.
class ComposeTest {

    private static final Compose COMPOSE = Compose.read();
    private static final String SERVICE = "plinto-polar";

    @Test
    void everySetting_isKnownToTheApplication() {
        Map<String, String> environment = COMPOSE.environment(SERVICE, Map.of());

        assertThat(environment.keySet()).allMatch(KnownSettings::knows, "is known to the application");
        assertThat(Role.parse(environment.get("POLAR_ROLES"))).doesNotContain(Role.RECONCILE); // it would need a token
    }

    @Test
    void everySettingOfTheBroker_isKnownToKafka() {
        var properties = new Properties();
        COMPOSE.environment("kafka", Map.of()).forEach((name, value) -> properties.setProperty(
                name.substring("KAFKA_".length()).toLowerCase(Locale.ROOT).replace('_', '.'), value));

        assertThat(AbstractKafkaConfig.CONFIG_DEF.names()).containsAll(properties.stringPropertyNames());
        assertThatNoException().isThrownBy(() -> new KafkaConfig(properties));
    }

    /// No port is open to the network, and every service has a healthcheck.
    @Test
    void everyService_listensOnLoopbackOnly_andHasAHealthcheck() {
        assertThat(COMPOSE.services()).hasSize(5).allSatisfy(service -> {
            assertThat(Rendered.strings(service.getValue().get("ports"))).isNotEmpty()
                    .allMatch(port -> port.startsWith("127.0.0.1:"));
            assertThat(COMPOSE.healthcheck(service.getKey())).isNotEmpty();
        });
    }

    @Test
    void mountedAndBuiltFiles_exist() {
        assertThat(COMPOSE.services().flatMap(service -> service.getValue().path("volumes").valueStream())
                .map(volume -> volume.asText().split(":")[0]).filter(source -> source.startsWith("./"))
                .map(Path.of("deploy")::resolve)).hasSize(3).allMatch(Files::exists);
        JsonNode build = COMPOSE.service(SERVICE).get("build");
        assertThat(Path.of("deploy", build.get("context").textValue(), build.get("dockerfile").textValue()).normalize())
                .exists();
    }

    /// Prometheus scrapes the service by its name, and Grafana queries Prometheus by its name.
    @Test
    void namesAndPorts_matchAcrossServices() {
        JsonNode scraped = Alerts.yaml(Alerts.CONFIG).at("/scrape_configs/0/dns_sd_configs/0");
        assertThat(Rendered.strings(scraped.get("names"))).isEqualTo(List.of(SERVICE));
        Map<String, String> service = COMPOSE.environment(SERVICE, Map.of());
        assertThat(COMPOSE.environment("postgres", Map.of()))
                .containsEntry("POSTGRES_USER", service.get("QUARKUS_DATASOURCE_USERNAME"))
                .containsEntry("POSTGRES_PASSWORD", service.get("QUARKUS_DATASOURCE_PASSWORD"));
        assertThat(ports(SERVICE)).containsValue(scraped.get("port").asText());
        assertThat(COMPOSE.environment("grafana", Map.of()).get("PROMETHEUS_URL"))
                .isEqualTo("http://prometheus:" + ports("prometheus").get("9090"));
        assertThat(COMPOSE.environment("kafka", Map.of()).get("KAFKA_ADVERTISED_LISTENERS"))
                .contains("//" + service.get("KAFKA_BOOTSTRAP_SERVERS") + ",");
        assertThat(service.get("QUARKUS_DATASOURCE_REACTIVE_URL")).endsWith(
                "//postgres:" + ports("postgres").get("5432") + "/"
                        + COMPOSE.environment("postgres", Map.of()).get("POSTGRES_DB"));
    }

    /// Container port to published port.
    private static Map<String, String> ports(String service) {
        return Rendered.strings(COMPOSE.service(service).get("ports")).stream().map(port -> port.split(":"))
                .collect(Collectors.toMap(port -> port[1], port -> port[2]));
    }
}
