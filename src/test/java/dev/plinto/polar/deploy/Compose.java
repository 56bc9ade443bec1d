package dev.plinto.polar.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `deploy/compose.yaml`.
record Compose(JsonNode file) {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+):-([^}]*)}");

    static Compose read() {
        return new Compose(Rendered.read(Path.of("deploy", "compose.yaml")).getFirst());
    }

    Stream<Map.Entry<String, JsonNode>> services() {
        return file.get("services").properties().stream();
    }

    JsonNode service(String name) {
        return file.get("services").get(name);
    }

    /// The environment that Compose makes with these shell variables.
    Map<String, String> environment(String service, Map<String, String> shell) {
        Map<String, String> environment = new TreeMap<>();
        service(service).path("environment").properties().forEach(variable -> environment.put(variable.getKey(),
                VARIABLE.matcher(variable.getValue().asText()).replaceAll(reference -> Matcher.quoteReplacement(
                        shell.getOrDefault(reference.group(1), reference.group(2))))));
        return environment;
    }

    /// The command of the healthcheck.
    List<String> healthcheck(String service) {
        List<String> test = Rendered.strings(service(service).at("/healthcheck/test"));
        return test.subList(1, test.size());
    }
}
