package dev.plinto.polar.projection;

import dev.plinto.polar.BacklogAge;
import dev.plinto.polar.MetricsConfig;
import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.Sampled;
import dev.plinto.polar.Stage;
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

/// What waits to be projected: told by every replica with the role, and for the whole topic, whoever's partitions those
/// are, so that the highest of all replicas is right.
///
/// What was seen waiting goes on growing while broker or database do not answer, unless it is projected all the same.
/// Where nothing was, it is not known (`NaN`) while the broker does not answer: without the database alone, what comes
/// in is seen waiting.
@ApplicationScoped
class BacklogMetrics implements BacklogAge {

    private final MeterRegistry registry;
    private final Map<String, Object> kafka;
    private final Pool pool;
    private final MetricsConfig config;
    private final Roles roles;
    private final InstantSource clock;
    private volatile Sampled<Backlog> sampled;

    BacklogMetrics(MeterRegistry registry, @Identifier("default-kafka-broker") Map<String, Object> kafka, Pool pool,
            MetricsConfig config, Roles roles, InstantSource clock) {
        this.registry = registry;
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
        sampled = new Sampled<>("the backlog of the raw topic", config.period(),
                new BacklogSample(kafka, pool, projects ? partitionGauges() : partitions -> { }));
        if (projects) {
            Stage.PROJECTED.oldestPending(registry, () -> seconds(Backlog::age));
        }
        sampled.start();
    }

    @Override
    public Optional<Duration> backlogAge() {
        return now(Backlog::age);
    }

    @Override
    public Optional<Duration> backlogAge(int partition) {
        return now((backlog, now) -> backlog.age(partition, now));
    }

    private Optional<Duration> now(BiFunction<Backlog, Instant, Optional<Duration>> age) {
        Sampled<Backlog> looks = sampled;
        return looks == null ? Optional.empty() : looks.current().filter(Backlog::isWhole)
                .map(backlog -> age.apply(backlog, clock.instant()).orElse(Duration.ZERO));
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
                        () -> seconds((backlog, now) -> backlog.age(partition, now))))
                .toList());
    }

    /// Makes a gauge for each of these partitions, and for no others.
    interface PartitionGauges {
        void make(Set<Integer> partitions);
    }

    private double seconds(BiFunction<Backlog, Instant, Optional<Duration>> age) {
        Optional<Duration> known = sampled.last().flatMap(backlog -> age.apply(backlog, clock.instant()));
        double unknownOrNone = sampled.current().filter(Backlog::isWhole).isPresent() ? 0 : Double.NaN;
        return known.map(waiting -> waiting.toNanos() / 1e9).orElse(unknownOrNone);
    }
}
