package dev.plinto.polar.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The dashboards of `deploy/grafana`, as Grafana reads them.
final class Dashboards {

    private static final Path DIRECTORY = Path.of("deploy/grafana/dashboards");

    /// @param queries with Grafana's own variables replaced by their defaults
    record Panel(String dashboard, String title, String unit, String description, List<String> queries) {}

    private Dashboards() {}

    static List<JsonNode> all() {
        return Alerts.files(DIRECTORY).stream().map(Alerts::yaml).toList(); // JSON is YAML
    }

    static List<String> uids() {
        return all().stream().map(dashboard -> dashboard.path("uid").asText()).toList();
    }

    static List<Panel> panels() {
        return all().stream().flatMap(dashboard -> dashboard.path("panels").valueStream().map(panel -> new Panel(
                dashboard.path("title").asText(), panel.path("title").asText(),
                panel.at("/fieldConfig/defaults/unit").asText(), panel.path("description").asText(),
                panel.path("targets").valueStream().map(target -> withDefaults(dashboard, target.path("expr").asText()))
                        .toList())))
                .toList();
    }

    private static String withDefaults(JsonNode dashboard, String query) {
        String filled = query.replace("$__rate_interval", "1m");
        for (JsonNode variable : dashboard.at("/templating/list")) {
            String value = variable.at("/current/value").asText().replace("$__all", ".+");
            filled = filled.replace("$" + variable.path("name").asText(), value);
        }
        return filled;
    }

    /// What follows `docs/` in links to the runbook.
    static List<String> runbookLinks() {
        return panels().stream().map(Panel::description)
                .flatMap(text -> Stream.of(text.split("\\s")).filter(word -> word.startsWith("docs/runbook.md#")))
                .distinct().toList();
    }
}
