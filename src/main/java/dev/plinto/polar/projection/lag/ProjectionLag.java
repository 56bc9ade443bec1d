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
import org.jspecify.annotations.Nullable;

/// The age of the backlog. Every replica with the role projection reports it for the whole topic, not only for its own
/// partitions, so that the maximum of all replicas is right.
///
/// While broker or database do not answer, a known backlog keeps ageing, unless it is projected nevertheless. If none
/// is known, the lag is unknown (`NaN`) while the broker does not answer; while only the database is away, incoming
/// events count as waiting.
@ApplicationScoped
public class ProjectionLag {

    private final MeterRegistry registry;
    private final Admin admin;
    private final Map<String, Object> kafka;
    private final Pool pool;
    private final MetricsConfig config;
    private final Roles roles;
    private final InstantSource clock;
    private volatile @Nullable PeriodicSample<Backlog> sampled;

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
        PeriodicSample<Backlog> sample = new PeriodicSample<>("the backlog of the raw topic", config,
                new BacklogSample(admin, kafka, pool, projects ? partitionGauges() : partitions -> {}));
        sampled = sample;
        if (projects) {
            Stage.PROJECTED.oldestPending(registry, () -> seconds(oldest()));
        }
        sample.start();
    }

    /// The age of the oldest unprojected event, which keeps growing while broker or database do not answer: zero if
    /// none waits, empty while unknown. It is always empty on replicas without the roles projection and reconcile.
    public Optional<Duration> oldest() {
        return lastKnown(Backlog::age);
    }

    /// The same for one partition.
    public Optional<Duration> oldest(int partition) {
        return lastKnown((backlog, now) -> backlog.age(partition, now));
    }

    /// The age of the oldest unprojected event, zero if none waits; empty unless broker and database answered recently.
    public Optional<Duration> current() {
        return complete().map(backlog -> backlog.age(clock.instant()).orElse(Duration.ZERO));
    }

    private Optional<Duration> lastKnown(BiFunction<Backlog, Instant, Optional<Duration>> age) {
        PeriodicSample<Backlog> samples = sampled;
        return samples == null
                ? Optional.empty()
                : samples.last().flatMap(backlog -> age.apply(backlog, clock.instant()))
                        .or(() -> complete().map(none -> Duration.ZERO));
    }

    private Optional<Backlog> complete() {
        PeriodicSample<Backlog> samples = sampled;
        return samples == null ? Optional.empty() : samples.current().filter(Backlog::isComplete);
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        PeriodicSample<Backlog> samples = sampled;
        if (samples != null) {
            samples.stop();
        }
    }

    private PartitionGauges partitionGauges() {
        MultiGauge lag = MultiGauge.builder("polar.partition.lag")
                .description("Age since receipt of the oldest event of a partition of the raw topic that no replica "
                        + "has projected; 0 if none waits")
                .baseUnit("seconds")
                .register(registry);
        return partitions -> lag.register(partitions.stream()
                .map(partition -> MultiGauge.Row.of(Tags.of("partition", partition.toString()),
                        () -> seconds(oldest(partition))))
                .toList());
    }

    /// Registers a gauge for each of these partitions, and removes all others.
    interface PartitionGauges {
        void register(Set<Integer> partitions);
    }

    private static double seconds(Optional<Duration> age) {
        return age.map(duration -> duration.toNanos() / 1e9).orElse(Double.NaN);
    }
}
