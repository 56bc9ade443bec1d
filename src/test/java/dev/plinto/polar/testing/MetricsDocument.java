package dev.plinto.polar.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The table of `docs/metrics.md`.
public record MetricsDocument(Map<String, Metric> metrics) {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\|([^|]*)\\|[^|]*\\|([^|]*)\\|$");
    private static final Pattern QUOTED = Pattern.compile("`(\\w+)`");

    /// @param type   as Prometheus names it
    /// @param labels with the listed values; none if there are too many to list
    public record Metric(String type, Map<String, Set<String>> labels) {}

    public static MetricsDocument read() {
        try {
            return new MetricsDocument(ROW.matcher(Files.readString(Path.of("docs/metrics.md"))).results()
                    .collect(Collectors.toMap(row -> row.group(1), MetricsDocument::metric)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Metric metric(MatchResult row) {
        Map<String, Set<String>> labels = new TreeMap<>();
        Arrays.stream(row.group(2).split(";")).filter(label -> !label.isBlank()).forEach(label -> {
            String[] nameAndValues = label.split(":");
            labels.put(quoted(nameAndValues[0]).iterator().next(),
                    nameAndValues.length == 1 ? Set.of() : quoted(nameAndValues[1]));
        });
        return new Metric(type(row.group(1), row.group(3)), labels);
    }

    /// By the rules below the document's table.
    private static String type(String name, String meaning) {
        if (name.endsWith("_total")) {
            return "counter";
        }
        return meaning.startsWith(" histogram:") ? "histogram" : "gauge";
    }

    private static Set<String> quoted(String text) {
        return QUOTED.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }
}
