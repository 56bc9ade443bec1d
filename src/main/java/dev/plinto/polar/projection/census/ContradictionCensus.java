package dev.plinto.polar.projection.census;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
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
import java.util.Optional;

/// How many contradictions there are of each kind. Every replica with the role projection reports them; the console of
/// a replica with the role api shows them.
@ApplicationScoped
public class ContradictionCensus {

    /// Sampled less often than other gauges: counting looks at every subscription that has ended, and what it finds is
    /// an hour old at least.
    private static final int PERIOD_FACTOR = 60;

    private final MeterRegistry registry;
    private final Roles roles;
    private final PeriodicSample<Map<ContradictionKind, Long>> sampled;

    ContradictionCensus(MeterRegistry registry, Pool pool, MetricsConfig config, Roles roles) {
        this.registry = registry;
        this.roles = roles;
        CensusStore store = new CensusStore(pool);
        sampled = new PeriodicSample<>("the number of contradictions", config, PERIOD_FACTOR, store::contradictions);
    }

    /// Counted a few minutes ago; empty if this replica has neither role, or the database has not answered for a while.
    public Optional<Map<ContradictionKind, Long>> counts() {
        return sampled.current();
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.PROJECTION)) {
            for (ContradictionKind kind : ContradictionKind.values()) {
                Gauge.builder("polar.contradictions", () -> count(kind))
                        .description("Statements of Polar that contradict each other about who has access, by kind")
                        .tag("kind", kind.wireName())
                        .register(registry);
            }
        }
        if (isSampled()) {
            sampled.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (isSampled()) {
            sampled.stop();
        }
    }

    private boolean isSampled() {
        return roles.include(Role.PROJECTION) || roles.include(Role.API);
    }

    private double count(ContradictionKind kind) {
        return counts().map(counts -> (double) counts.getOrDefault(kind, 0L)).orElse(Double.NaN);
    }
}
