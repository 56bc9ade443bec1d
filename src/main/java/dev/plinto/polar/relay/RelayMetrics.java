package dev.plinto.polar.relay;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.Topics;
import dev.plinto.polar.telemetry.Stage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// The metrics of what the relay publishes. [OutboxMetrics] has those of what waits.
@ApplicationScoped
class RelayMetrics {

    private final Timer freshness;
    private final Map<String, Counter> publishedByTopic;
    private volatile BooleanSupplier leads = () -> false;

    RelayMetrics(MeterRegistry registry) {
        Gauge.builder("polar.relay.leader", () -> leads.getAsBoolean() ? 1 : 0)
                .description("1 on the replica that publishes changes and holds the lease to do so")
                .register(registry);
        freshness = Stage.PUBLISHED.freshness(registry);
        publishedByTopic = Map.of(
                Topics.SUBSCRIPTION_CHANGED, published(registry, "subscription"),
                Topics.ENTITLEMENT_CHANGED, published(registry, "entitlement"),
                Topics.ERASURES, published(registry, "erasure"));
    }

    static void start(@Observes @Priority(1) StartupEvent event, Roles roles, RelayMetrics metrics) {
        if (roles.include(Role.RELAY)) {
            metrics.registerMeters();
        }
    }

    /// The call creates this bean, whose constructor registers the meters before this replica leads for the first time.
    void registerMeters() {}

    /// A leader that hangs, or does not reach the database, no longer counts as the leader once its lease expires.
    ///
    /// @param leading asked whenever the metric is read
    void leads(BooleanSupplier leading) {
        leads = leading;
    }

    void published(List<OutboxRow> rows, Instant now) {
        for (OutboxRow row : rows) {
            if (row.receivedAt() != null) {
                freshness.record(Duration.between(row.receivedAt(), now));
            }
            Optional.ofNullable(publishedByTopic.get(row.topic())).ifPresent(Counter::increment);
        }
    }

    private static Counter published(MeterRegistry registry, String change) {
        return Counter.builder("polar.changes.published")
                .description("Messages that the relay published, by what changed")
                .tag("change", change)
                .register(registry);
    }
}
