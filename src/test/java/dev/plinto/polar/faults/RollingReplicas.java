package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.PrometheusText;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Replicas on one broker and one database, which are replaced one by one by replicas of another release, while the
/// load is delivered to them. What happens is printed.
final class RollingReplicas implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int PER_SECOND = 100;
    private static final int SOME = 20;

    private final Map<String, String> environment;
    private final RollingLoad load;
    private final List<Replica> replicas = new CopyOnWriteArrayList<>();
    private final List<Replica> all = new ArrayList<>();
    private int delivered;

    record Release(String name, Path runner) {

        /// @param application its `target/quarkus-app`
        static Release of(String name, Path application) {
            return new Release(name, application.resolve("quarkus-run.jar"));
        }
    }

    private record Replica(Release release, PackagedService service) {}

    RollingReplicas(Map<String, String> environment, RollingLoad load) {
        this.environment = environment;
        this.load = load;
    }

    void start(int count, Release release) {
        for (int i = 0; i < count; i++) {
            replicas.add(started(release));
        }
        System.out.printf("  %d of the %s ready%n", count, release.name);
    }

    /// As an orchestrator does: the new replica is ready before the old one gets SIGTERM. Both happen under load.
    void replace(int number, Release release) {
        Replica former = replicas.get(number);
        underLoad(() -> started(release), "a replica of the %s starts".formatted(release.name));
        underLoad(() -> {
            replicas.set(number, all.getLast());
            stop(former);
        }, "a replica of the %s stops".formatted(former.release.name));
    }

    /// One of those that run.
    PackagedService any() {
        return replicas.getFirst().service;
    }

    /// The lines of all replicas, also of those that were replaced.
    List<String> errors() {
        return all.stream().flatMap(replica -> replica.service.output().lines()
                .filter(line -> line.contains("ERROR")).map(line -> replica.release.name + ": " + line)).toList();
    }

    void stopAll() {
        replicas.forEach(this::stop);
    }

    @Override
    public void close() {
        all.forEach(replica -> replica.service.kill());
    }

    private Replica started(Release release) {
        Replica replica = new Replica(release, PackagedService.start(release.runner, environment));
        all.add(replica);
        return replica;
    }

    /// A replica that projected nothing would prove nothing.
    private void stop(Replica replica) {
        double projected = PrometheusText.of(URI.create(replica.service.baseUrl()))
                .values("polar_events_projected_total", "outcome").values().stream().mapToDouble(n -> n).sum();
        assertThat(projected).as("events that a replica of the %s projected", replica.release.name).isPositive();
        replica.service.close();
        System.out.printf("  a replica of the %s has stopped; it had projected %.0f events%n", replica.release.name,
                projected);
    }

    /// Deliveries begin before the change, and all of them are acknowledged.
    private void underLoad(Runnable change, String what) {
        try (Deliveries deliveries = new Deliveries(this::endpoint, load.share(delivered++), PER_SECOND)) {
            await().atMost(PATIENCE).until(() -> deliveries.acknowledged().size() > SOME);
            change.run();
            await().atMost(PATIENCE).until(deliveries::areAllAcknowledged);
            System.out.printf("  %s under load: %s%n", what, deliveries);
        }
    }

    private URI endpoint(int attempt) {
        return replicas.get(attempt % replicas.size()).service.webhooks();
    }
}
