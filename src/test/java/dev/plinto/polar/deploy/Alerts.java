package dev.plinto.polar.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The rules of `deploy/prometheus`.
final class Alerts {

    static final Path DIRECTORY = Path.of("deploy/prometheus");
    static final Path RULES = DIRECTORY.resolve("rules");
    static final Path TESTS = DIRECTORY.resolve("tests");
    static final Path CONFIG = DIRECTORY.resolve("prometheus.yml");
    static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final Pattern SELECTOR = Pattern.compile("\\b((?:polar|kafka)[\\w:]*)(\\{[^}]*})?");

    record Alert(String name, String severity, String summary, String runbook, String dashboard, String console,
            String expression) {}

    private Alerts() {}

    static List<Alert> all() {
        return rules().filter(rule -> rule.has("alert")).map(rule -> new Alert(
                rule.path("alert").asText(), rule.at("/labels/severity").asText(),
                rule.at("/annotations/summary").asText(), rule.at("/annotations/runbook_url").asText(),
                rule.at("/annotations/dashboard_url").asText(), rule.at("/annotations/console_url").asText(),
                rule.path("expr").asText())).toList();
    }

    static List<String> recorded() {
        return rules().filter(rule -> rule.has("record")).map(rule -> rule.path("record").asText()).toList();
    }

    /// The selectors that alerts and recording rules read, with labels.
    static Set<String> selectors() {
        Set<String> selectors = new TreeSet<>();
        rules().forEach(rule -> SELECTOR.matcher(rule.path("expr").asText()).results()
                .forEach(found -> selectors.add(found.group())));
        return selectors;
    }

    static JsonNode yaml(Path file) {
        try {
            return YAML.readTree(Files.readString(file));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Stream<JsonNode> rules() {
        return files(RULES).stream().map(Alerts::yaml)
                .flatMap(file -> file.path("groups").valueStream())
                .flatMap(group -> group.path("rules").valueStream());
    }
}
