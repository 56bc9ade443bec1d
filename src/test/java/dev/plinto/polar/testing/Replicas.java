package dev.plinto.polar.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Several packaged instances of the service, and which of them publishes.
public final class Replicas implements AutoCloseable {

    private final Map<String, String> environment;
    private final List<PackagedService> running = new ArrayList<>();
    private final List<PackagedService> all = new ArrayList<>();

    public Replicas(Map<String, String> environment) {
        this.environment = environment;
    }

    /// Starts the missing replicas in parallel; returns when all are ready and one of them publishes.
    public void ensure(int wanted) {
        running.removeIf(replica -> !replica.isAlive());
        List<CompletableFuture<PackagedService>> starting = new ArrayList<>();
        for (int i = running.size(); i < wanted; i++) {
            // Not in the common pool: the first start trains the artefact, which needs a free thread of that pool.
            starting.add(CompletableFuture.supplyAsync(() -> PackagedService.start(environment),
                    start -> Thread.ofPlatform().start(start)));
        }
        starting.forEach(start -> {
            running.add(start.join());
            all.add(running.getLast());
        });
        awaitLeader(Duration.ofSeconds(15));
    }

    /// The one that was started last.
    public PackagedService newest() {
        return all.getLast();
    }

    public PackagedService leader() {
        return awaitLeader(Duration.ofSeconds(15));
    }

    /// The time from now until another replica publishes.
    public Duration takeoverFrom(PackagedService former) {
        long began = System.nanoTime();
        await().atMost(Duration.ofSeconds(30)).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20))
                .until(() -> leading(former).isPresent());
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /// The number of running replicas that report to publish.
    public long leaders() {
        return running.stream().filter(PackagedService::isAlive).filter(Replicas::leads).count();
    }

    /// The most memory that each running replica has had resident, in MB.
    public List<Long> peakMegabytes() {
        return running.stream().filter(PackagedService::isAlive).map(PackagedService::peakMegabytes).toList();
    }

    /// The output of all replicas, also of those that ended.
    public String output() {
        return String.join("\n", all.stream().map(PackagedService::output).toList());
    }

    @Override
    public void close() {
        running.stream().filter(PackagedService::isAlive).forEach(replica -> {
            replica.resume(); // a suspended process does not handle SIGTERM
            replica.close();
        });
    }

    private PackagedService awaitLeader(Duration atMost) {
        return await().atMost(atMost).pollInterval(Duration.ofMillis(50))
                .until(() -> leading(null), Optional::isPresent).orElseThrow();
    }

    private Optional<PackagedService> leading(PackagedService except) {
        return running.stream()
                .filter(replica -> replica != except && replica.isAlive())
                .filter(Replicas::leads)
                .findFirst();
    }

    private static boolean leads(PackagedService replica) {
        return replica.gauge("polar_relay_leader").orElse(0) == 1;
    }
}
