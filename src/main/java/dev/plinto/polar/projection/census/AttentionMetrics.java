package dev.plinto.polar.projection.census;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.projection.ParkReason.Kind;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.function.ToLongFunction;

/// Counts that need an operator: parked events, unlinked accounts and unmapped plans. Every replica with the role
/// projection reports them; they are unknown (`NaN`) if the database has not answered for a while.
@ApplicationScoped
class AttentionMetrics {

    private final MeterRegistry registry;
    private final Roles roles;
    private final PeriodicSample<Counts> sampled;

    private record Counts(Map<Kind, Long> parked, long unlinkedAccounts, long unmappedPlans) {}

    AttentionMetrics(MeterRegistry registry, Pool pool, MetricsConfig config, Roles roles) {
        this.registry = registry;
        this.roles = roles;
        CensusStore store = new CensusStore(pool);
        sampled = new PeriodicSample<>("the parked events, unlinked accounts and unmapped plans", config,
                () -> new Counts(store.parked(), store.unlinkedAccounts(), store.unmappedPlans()));
    }

    void start(@Observes StartupEvent event) {
        if (!roles.include(Role.PROJECTION)) {
            return;
        }
        for (Kind kind : Kind.values()) {
            Gauge.builder("polar.parked.events", () -> count(counts -> counts.parked.getOrDefault(kind, 0L)))
                    .description("Events that could not be applied and need an operator, by reason")
                    .tag("reason", kind.wireName())
                    .register(registry);
        }
        Gauge.builder("polar.unlinked.accounts", () -> count(Counts::unlinkedAccounts))
                .description("Customers at Polar with a live grant or subscription who are linked to no "
                        + "organization")
                .register(registry);
        Gauge.builder("polar.unmapped.plans", () -> count(Counts::unmappedPlans))
                .description("Plans of other providers than Polar with live subscriptions that no setting maps to a "
                        + "product: what they sell gives nothing")
                .register(registry);
        sampled.start();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.PROJECTION)) {
            sampled.stop();
        }
    }

    private double count(ToLongFunction<Counts> count) {
        return sampled.current().map(counts -> (double) count.applyAsLong(counts)).orElse(Double.NaN);
    }
}
