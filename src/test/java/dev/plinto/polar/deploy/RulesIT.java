package dev.plinto.polar.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

        assertThat(written).isNotEmpty().isEqualTo(Rendered.of(name).kind("PrometheusRule")
                .collect(Collectors.toMap(Rendered::named, rule -> rule.get("spec"))));
    }
}
