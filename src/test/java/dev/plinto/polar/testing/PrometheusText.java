package dev.plinto.polar.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A service's answer at `/q/metrics`, as Prometheus parses it.
public record PrometheusText(Map<String, String> help, Map<String, String> type, List<Sample> samples) {

    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    public record Sample(String name, Map<String, String> labels, double value) {}

    public static PrometheusText of(URI service) {
        try {
            var request = HttpRequest.newBuilder(service.resolve("/q/metrics"))
                    .header("accept", "text/plain").timeout(Duration.ofSeconds(5)).build();
            return parse(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    static PrometheusText parse(String text) {
        Map<String, String> help = new TreeMap<>();
        Map<String, String> type = new TreeMap<>();
        List<Sample> samples = new ArrayList<>();
        text.lines().forEach(line -> {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                help.put(words[2], words.length > 3 ? words[3] : "");
            } else if (line.startsWith("# TYPE ")) {
                type.put(words[2], words[3]);
            } else if (!line.startsWith("#")) {
                samples.add(sample(line));
            }
        });
        return new PrometheusText(help, type, samples);
    }

    private static Sample sample(String line) {
        Matcher parts = SAMPLE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no sample: " + line);
        }
        Map<String, String> labels = parts.group(2) == null
                ? Map.of()
                : LABEL.matcher(parts.group(2)).results()
                        .collect(Collectors.toMap(label -> label.group(1), label -> label.group(2)));
        return new Sample(parts.group(1), labels, Double.parseDouble(parts.group(3).replace("Inf", "Infinity")));
    }

    /// The value of the one series with exactly these labels, given as `name=value`.
    ///
    /// @throws IllegalStateException if there is none
    public double value(String name, String... labels) {
        Map<String, String> wanted = List.of(labels).stream()
                .collect(Collectors.toMap(label -> label.split("=")[0], label -> label.split("=")[1]));
        return samples.stream()
                .filter(sample -> sample.name.equals(name) && sample.labels.equals(wanted))
                .mapToDouble(Sample::value)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no series " + name + wanted));
    }

    /// The values, by the given label.
    public Map<String, Double> values(String name, String label) {
        return samples.stream().filter(sample -> sample.name.equals(name))
                .collect(Collectors.toMap(sample -> sample.labels.get(label), Sample::value, (a, b) -> a,
                        TreeMap::new));
    }

    public Set<Map<String, String>> labelsOf(String name) {
        return samples.stream().filter(sample -> sample.name.equals(name)).map(Sample::labels)
                .collect(Collectors.toSet());
    }
}
