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

/// What the database holds that an operator should do something about, told by every replica with the role projection;
/// not known (`NaN`) while the database has not answered for a while.
@ApplicationScoped
class AttentionMetrics {

    private final MeterRegistry registry;
    private final Roles roles;
    private final PeriodicSample<Held> sampled;

    private record Held(Map<Kind, Long> parked, long unlinkedAccounts) {}

    AttentionMetrics(MeterRegistry registry, Pool pool, MetricsConfig config, Roles roles) {
        this.registry = registry;
        this.roles = roles;
        CensusStore store = new CensusStore(pool);
        sampled = new PeriodicSample<>("the parked events and unlinked accounts", config,
                () -> new Held(store.parked(), store.unlinkedAccounts()));
    }

    void start(@Observes StartupEvent event) {
        if (!roles.include(Role.PROJECTION)) {
            return;
        }
        for (Kind kind : Kind.values()) {
            Gauge.builder("polar.parked.events", () -> count(held -> held.parked.get(kind)))
                    .description("Events that could not be applied and wait for somebody, by reason")
                    .tag("reason", kind.wireName())
                    .register(registry);
        }
        Gauge.builder("polar.unlinked.accounts", () -> count(Held::unlinkedAccounts))
                .description("Customers at Polar with a live grant or subscription whom nothing links to an "
                        + "organization")
                .register(registry);
        sampled.start();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.PROJECTION)) {
            sampled.stop();
        }
    }

    private double count(ToLongFunction<Held> count) {
        return sampled.current().map(held -> (double) count.applyAsLong(held)).orElse(Double.NaN);
    }
}
