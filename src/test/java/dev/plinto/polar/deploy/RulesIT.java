package dev.plinto.polar.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The cluster's Prometheus has the rules of `deploy/prometheus`.
class RulesIT {

    private static final Path RULES = Path.of("deploy", "prometheus", "rules");

    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void everyRule_isInTheCluster_andNoOther(String name) throws IOException {
        Map<String, JsonNode> written;
        try (Stream<Path> files = Files.list(RULES)) {
            written = files.collect(Collectors.toMap(
                    file -> "plinto-polar-" + file.getFileName().toString().replace(".yml", ""),
                    file -> Rendered.read(file).getFirst()));
        }

        written.values().forEach(rules -> alerts(rules).forEach(RulesIT::withoutHosts));

        assertThat(written).isNotEmpty().isEqualTo(Rendered.of(name).kind("PrometheusRule")
                .collect(Collectors.toMap(Rendered::named, rule -> {
                    alerts(rule.get("spec")).forEach(RulesIT::withoutHosts);
                    return rule.get("spec");
                })));
    }

    /// The links of alerts lead to this environment, the console's to the host that serves it.
    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void everyLink_leadsToTheEnvironment(String name) {
        Rendered all = Rendered.of(name);
        String console = all.object("Ingress", "plinto-polar-reconcile").at("/spec/rules/0/host").textValue();

        assertThat(alerts(all.object("PrometheusRule", "plinto-polar-alerts").get("spec"))).isNotEmpty()
                .allSatisfy(alert -> {
                    assertThat(URI.create(alert.at("/annotations/console_url").textValue())).hasHost(console);
                    assertThat(URI.create(alert.at("/annotations/dashboard_url").textValue()).getHost())
                            .startsWith("grafana.").endsWith(console.replaceFirst("^polar-ops", ""));
                    assertThat(URI.create(alert.at("/annotations/runbook_url").textValue()))
                            .hasScheme("https").hasPath("/plinto-polar/docs/runbook.md");
                });
        assertThat(all.kind("ConfigMap").map(Rendered::named)).doesNotContain("plinto-polar-links");
    }

    private static List<JsonNode> alerts(JsonNode rules) {
        return rules.path("groups").valueStream().flatMap(group -> group.path("rules").valueStream())
                .filter(rule -> rule.has("alert")).toList();
    }

    private static void withoutHosts(JsonNode alert) {
        ObjectNode annotations = (ObjectNode) alert.get("annotations");
        List.of("runbook_url", "dashboard_url", "console_url").forEach(
                link -> annotations.put(link, URI.create(annotations.get(link).textValue()).getPath()));
    }
}
