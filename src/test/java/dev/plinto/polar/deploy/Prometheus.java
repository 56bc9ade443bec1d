package dev.plinto.polar.deploy;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.testing.OwnThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A real Prometheus with `deploy/prometheus/prometheus.yml`, with the service's addresses replaced, and at a pace for
/// tests: it scrapes and evaluates each second.
final class Prometheus implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();

    private final Process process;
    private final URI uri;

    private Prometheus(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    /// @param rules    a directory
    /// @param services the scraped addresses, such as `http://127.0.0.1:8080`
    static Prometheus start(Path rules, List<String> services) {
        int port = FreePort.any();
        try {
            Path directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")).toAbsolutePath(),
                    "prometheus-");
            Path config = directory.resolve("prometheus.yml");
            Files.writeString(config, config(rules, services));
            Process process = new ProcessBuilder(Tool.PROMETHEUS.command(
                    "--config.file=" + config, "--storage.tsdb.path=" + directory.resolve("data"),
                    "--web.listen-address=127.0.0.1:" + port))
                    .redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            Prometheus started = new Prometheus(process, URI.create("http://127.0.0.1:" + port));
            await().atMost(PATIENCE).until(() -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException(Files.readString(directory.resolve("log")));
                }
                return started.isReady();
            });
            return started;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String config(Path rules, List<String> services) throws IOException {
        ObjectNode config = (ObjectNode) Alerts.yaml(Alerts.CONFIG);
        config.withObject("/global").put("scrape_interval", "1s").put("evaluation_interval", "1s");
        config.putArray("rule_files").add(rules.toAbsolutePath() + "/*.yml");
        for (JsonNode job : config.path("scrape_configs")) {
            ((ObjectNode) job).remove("dns_sd_configs");
            var targets = ((ObjectNode) job).putArray("static_configs").addObject().putArray("targets");
            services.forEach(service -> targets.add(URI.create(service).getAuthority()));
        }
        return Alerts.YAML.writeValueAsString(config);
    }

    /// The number of series that a query finds now, including those whose value is NaN.
    int series(String query) {
        return query(query).size();
    }

    /// The firing alerts by name, with severity and summary.
    Map<String, String> firing() {
        Map<String, String> firing = new TreeMap<>();
        get("/api/v1/alerts").at("/data/alerts").forEach(alert -> {
            if (alert.path("state").asText().equals("firing")) {
                firing.put(alert.at("/labels/alertname").asText(),
                        alert.at("/labels/severity").asText() + ": " + alert.at("/annotations/summary").asText());
            }
        });
        return firing;
    }

    private JsonNode query(String query) {
        JsonNode answer = get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        if (!answer.path("status").asText().equals("success")) {
            throw new IllegalStateException(query + ": " + answer);
        }
        return answer.at("/data/result");
    }

    private JsonNode get(String path) {
        try {
            return JSON.readTree(HTTP.send(HttpRequest.newBuilder(uri.resolve(path)).build(),
                    HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            return HTTP.send(HttpRequest.newBuilder(uri.resolve("/-/ready")).build(),
                    HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
