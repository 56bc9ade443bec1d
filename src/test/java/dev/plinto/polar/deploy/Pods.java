package dev.plinto.polar.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.PrometheusText;
import dev.plinto.polar.testing.PrometheusText.Sample;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;

/// Two replicas of each Deployment, and Prometheus' view of them.
final class Pods implements AutoCloseable {

    private static final int OF_EACH = 2;

    private final Function<JsonNode, Map<String, String>> environment;
    private final Map<String, JsonNode> deployments = new TreeMap<>();
    private final Map<String, List<PackagedService>> replicas = new TreeMap<>();

    /// Returns when all are ready. Starts one kind after the other: each start takes a core.
    Pods(Stream<JsonNode> deployments, Function<JsonNode, Map<String, String>> environment) {
        this.environment = environment;
        deployments.forEach(deployment -> this.deployments.put(role(deployment), deployment));
        this.deployments.keySet().forEach(role -> replicas.put(role, start(role)));
    }

    private static String role(JsonNode deployment) {
        return Rendered.named(deployment).replace("plinto-polar-", "");
    }

    Map<String, JsonNode> deployments() {
        return deployments;
    }

    /// All replicas of a role, including killed ones.
    List<PackagedService> of(String role) {
        return replicas.get(role);
    }

    List<PackagedService> all() {
        return replicas.values().stream().flatMap(List::stream).toList();
    }

    private List<PackagedService> start(String role) {
        Map<String, String> settings = environment.apply(deployments.get(role));
        try (var starters = Executors.newVirtualThreadPerTaskExecutor()) {
            return Stream.generate(() -> CompletableFuture.supplyAsync(() -> PackagedService.start(settings), starters))
                    .limit(OF_EACH).toList().stream().map(CompletableFuture::join).toList();
        }
    }

    /// The scrape of each replica; those that do not answer are left out, as with `up` 0.
    List<PrometheusText> scraped(String role) {
        return of(role).stream().flatMap(replica -> scraped(replica).stream()).toList();
    }

    /// The values of all series of that name.
    List<Double> series(String role, String name) {
        return scraped(role).stream().flatMap(text -> text.samples().stream())
                .filter(sample -> sample.name().equals(name)).map(Sample::value).toList();
    }

    double sum(String role, String name) {
        return series(role, name).stream().mapToDouble(value -> value).sum();
    }

    double max(String role, String name) {
        return series(role, name).stream().mapToDouble(value -> value).max().orElse(Double.NaN);
    }

    static boolean isUp(PackagedService replica) {
        return scraped(replica).isPresent();
    }

    private static Optional<PrometheusText> scraped(PackagedService replica) {
        try {
            return Optional.of(PrometheusText.of(URI.create(replica.baseUrl())));
        } catch (UncheckedIOException down) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        List<PackagedService> left = all().stream().filter(PackagedService::isAlive).toList();
        left.forEach(PackagedService::terminate);
        left.forEach(PackagedService::close);
    }
}
