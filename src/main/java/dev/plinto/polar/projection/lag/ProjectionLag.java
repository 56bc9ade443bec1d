package dev.plinto.polar.projection.lag;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.WebhookDialect;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import dev.plinto.polar.telemetry.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.arc.All;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/// The age of the backlog of all raw topics. Every replica with the role projection reports it for whole topics, not
/// only for its own partitions, so that the maximum of all replicas is right.
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
    private final List<WebhookDialect> dialects;
    /// By topic.
    private volatile Map<String, PeriodicSample<Backlog>> sampled = Map.of();

    ProjectionLag(MeterRegistry registry, Admin admin,
            @Identifier("default-kafka-broker") Map<String, Object> kafka, Pool pool, MetricsConfig config, Roles roles,
            InstantSource clock, @All List<WebhookDialect> dialects) {
        this.registry = registry;
        this.admin = admin;
        this.kafka = kafka;
        this.pool = pool;
        this.config = config;
        this.roles = roles;
        this.clock = clock;
        this.dialects = dialects.stream().filter(WebhookDialect::isOn).toList();
    }

    void start(@Observes StartupEvent event) {
        boolean projects = roles.include(Role.PROJECTION);
        if (!projects && !roles.include(Role.RECONCILE)) {
            return;
        }
        PartitionRows rows = new PartitionRows();
        sampled = dialects.stream().collect(Collectors.toUnmodifiableMap(WebhookDialect::topic,
                dialect -> new PeriodicSample<>("the backlog of " + dialect.topic(), config,
                        new BacklogSample(dialect.topic(), admin, kafka, pool, projects
                                ? partitions -> rows.register(dialect, partitions)
                                : partitions -> {}))));
        if (projects) {
            Stage.PROJECTED.oldestPending(registry, () -> seconds(oldest()));
        }
        sampled.values().forEach(PeriodicSample::start);
    }

    /// The age of the oldest unprojected event, which keeps growing while broker or database do not answer: zero if
    /// none waits, empty while unknown. It is always empty on replicas without the roles projection and reconcile.
    public Optional<Duration> oldest() {
        List<Optional<Duration>> ages = sampled.values().stream().map(sample -> lastKnown(sample, Backlog::age))
                .toList();
        return ages.stream().flatMap(Optional::stream).max(Duration::compareTo).filter(Duration::isPositive)
                .or(() -> greatest(ages));
    }

    /// The same for one partition of a provider's raw topic.
    public Optional<Duration> oldest(WebhookDialect dialect, int partition) {
        return Optional.ofNullable(sampled.get(dialect.topic()))
                .flatMap(sample -> lastKnown(sample, (backlog, now) -> backlog.age(partition, now)));
    }

    /// The age of the oldest unprojected event, zero if none waits; empty unless broker and database answered recently.
    public Optional<Duration> current() {
        return greatest(sampled.values().stream()
                .map(sample -> complete(sample).map(backlog -> backlog.age(clock.instant()).orElse(Duration.ZERO)))
                .toList());
    }

    /// Empty unless all are known.
    private static Optional<Duration> greatest(List<Optional<Duration>> ages) {
        return ages.stream().allMatch(Optional::isPresent)
                ? ages.stream().flatMap(Optional::stream).max(Duration::compareTo)
                : Optional.empty();
    }

    private Optional<Duration> lastKnown(PeriodicSample<Backlog> sample,
            BiFunction<Backlog, Instant, Optional<Duration>> age) {
        return sample.last().flatMap(backlog -> age.apply(backlog, clock.instant()))
                .or(() -> complete(sample).map(none -> Duration.ZERO));
    }

    private static Optional<Backlog> complete(PeriodicSample<Backlog> sample) {
        return sample.current().filter(Backlog::isComplete);
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        for (PeriodicSample<Backlog> sample : sampled.values()) {
            sample.stop();
        }
    }

    /// A gauge for each partition of each topic. Those of Polar's are named by their number alone.
    private final class PartitionRows {

        private final MultiGauge lag = MultiGauge.builder("polar.partition.lag")
                .description("Age since receipt of the oldest event of a partition of a raw topic that no replica "
                        + "has projected; 0 if none waits")
                .baseUnit("seconds")
                .register(registry);
        private final Map<String, List<MultiGauge.Row<?>>> byTopic = new HashMap<>();

        synchronized void register(WebhookDialect dialect, Set<Integer> partitions) {
            byTopic.put(dialect.topic(), partitions.stream().<MultiGauge.Row<?>>map(
                    number -> row(dialect, number)).toList());
            lag.register(byTopic.values().stream().flatMap(List::stream).toList());
        }

        private MultiGauge.Row<?> row(WebhookDialect dialect, int number) {
            return MultiGauge.Row.of(Tags.of("partition", dialect.idPrefix() + number),
                    () -> seconds(oldest(dialect, number)));
        }
    }

    /// Registers a gauge for each of these partitions, and removes all others.
    interface PartitionGauges {
        void register(Set<Integer> partitions);
    }

    private static double seconds(Optional<Duration> age) {
        return age.map(duration -> duration.toNanos() / 1e9).orElse(Double.NaN);
    }
}
