package dev.plinto.polar.projection.lag;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import dev.plinto.polar.telemetry.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.vertx.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.kafka.clients.admin.Admin;

/// What waits to be projected: told by every replica with the role, and for the whole topic, whoever's partitions those
/// are, so that the highest of all replicas is right.
///
/// What was seen waiting goes on growing while broker or database do not answer, unless it is projected all the same.
/// Where nothing was, it is not known (`NaN`) while the broker does not answer: without the database alone, what comes
/// in is seen waiting.
@ApplicationScoped
public class ProjectionLag {

    private final MeterRegistry registry;
    private final Admin admin;
    private final Map<String, Object> kafka;
    private final Pool pool;
    private final MetricsConfig config;
    private final Roles roles;
    private final InstantSource clock;
    private volatile PeriodicSample<Backlog> sampled;

    ProjectionLag(MeterRegistry registry, Admin admin,
            @Identifier("default-kafka-broker") Map<String, Object> kafka, Pool pool, MetricsConfig config, Roles roles,
            InstantSource clock) {
        this.registry = registry;
        this.admin = admin;
        this.kafka = kafka;
        this.pool = pool;
        this.config = config;
        this.roles = roles;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        boolean projects = roles.include(Role.PROJECTION);
        if (!projects && !roles.include(Role.RECONCILE)) {
            return;
        }
        sampled = new PeriodicSample<>("the backlog of the raw topic", config,
                new BacklogSample(admin, kafka, pool, projects ? partitionGauges() : partitions -> {}));
        if (projects) {
            Stage.PROJECTED.oldestPending(registry, () -> seconds(oldest()));
        }
        sampled.start();
    }

    /// Of the oldest event that waits: goes on growing while broker or database do not answer; zero if none waits, and
    /// empty while that is not known. Replicas without the roles projection and reconcile never know it.
    public Optional<Duration> oldest() {
        return lastKnown(Backlog::age);
    }

    /// The same for one partition.
    public Optional<Duration> oldest(int partition) {
        return lastKnown((backlog, now) -> backlog.age(partition, now));
    }

    /// Of the oldest event that waits, if broker and database have answered lately; zero if none waits.
    public Optional<Duration> current() {
        return whole().map(backlog -> backlog.age(clock.instant()).orElse(Duration.ZERO));
    }

    private Optional<Duration> lastKnown(BiFunction<Backlog, Instant, Optional<Duration>> age) {
        PeriodicSample<Backlog> samples = sampled;
        return samples == null
                ? Optional.empty()
                : samples.last().flatMap(backlog -> age.apply(backlog, clock.instant()))
                        .or(() -> whole().map(none -> Duration.ZERO));
    }

    private Optional<Backlog> whole() {
        PeriodicSample<Backlog> samples = sampled;
        return samples == null ? Optional.empty() : samples.current().filter(Backlog::isWhole);
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (sampled != null) {
            sampled.stop();
        }
    }

    private PartitionGauges partitionGauges() {
        MultiGauge lag = MultiGauge.builder("polar.partition.lag")
                .description("Age since receipt of the oldest event of a partition of the raw topic that no replica "
                        + "has projected; 0 where none waits")
                .baseUnit("seconds")
                .register(registry);
        return partitions -> lag.register(partitions.stream()
                .map(partition -> MultiGauge.Row.of(Tags.of("partition", partition.toString()),
                        () -> seconds(oldest(partition))))
                .toList());
    }

    /// Makes a gauge for each of these partitions, and for no others.
    interface PartitionGauges {
        void make(Set<Integer> partitions);
    }

    private static double seconds(Optional<Duration> age) {
        return age.map(known -> known.toNanos() / 1e9).orElse(Double.NaN);
    }
}
