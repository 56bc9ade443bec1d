package dev.plinto.polar.projection.census;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/// Measures how long Polar took from the success of a purchase to the last grant of what it unlocks, by Polar's own
/// times. Each purchase is measured once, by one replica, some seconds after it counts: whether a buyer waits for it or
/// not, and without a statement more for who projects. A purchase that grants nothing by itself, such as one of seats,
/// is not measured, nor one whose grants came more than two days after its checkout was opened.
@ApplicationScoped
class ActivationMetrics {

    private static final int PERIOD_FACTOR = 5;
    private static final double NANOS = 1e9;

    /// A benefit that waits for the customer counts, but has no time. It also drops rows that nobody needs: those of
    /// checkouts that are too old to be measured.
    private static final String MEASURE = """
            WITH bought AS (
              SELECT c.id, coalesce(o.created_at, c.said_at) AS succeeded_at, p.benefit_ids,
                     s.id AS subscription_id, o.id AS order_id
              FROM checkouts c
              LEFT JOIN LATERAL (SELECT * FROM subscriptions WHERE checkout_id = c.id ORDER BY id LIMIT 1) s ON true
              LEFT JOIN LATERAL (
                SELECT * FROM orders WHERE checkout_id = c.id ORDER BY created_at, id LIMIT 1) o ON true
              JOIN products p ON p.id = coalesce(s.product_id, c.product_id)
              WHERE c.status = 'succeeded' AND c.created_at > now() - interval '2 days'
                AND s.seats IS NULL AND o.seats IS NULL
                AND NOT EXISTS (SELECT FROM activations WHERE checkout_id = c.id)
            ), granted AS (
              SELECT bought.id, succeeded_at, benefit_ids, found.*
              FROM bought CROSS JOIN LATERAL (
                SELECT jsonb_agg(benefit_id) AS benefits, max(granted_at) FILTER (WHERE account IS NOT NULL) AS at
                FROM grants
                WHERE (subscription_id = bought.subscription_id OR order_id = bought.order_id)
                  AND (account IS NOT NULL OR benefit_type IN ('discord', 'github_repository'))) AS found
            ), dropped AS (
              DELETE FROM activations WHERE measured_at < now() - interval '7 days'
            )
            INSERT INTO activations (checkout_id, seconds, measured_at)
            SELECT id, greatest(0, extract(epoch FROM at - succeeded_at)), now()
            FROM granted WHERE at IS NOT NULL AND benefits @> benefit_ids
            ON CONFLICT DO NOTHING
            RETURNING seconds
            """;

    private final MeterRegistry registry;
    private final Roles roles;
    private final PeriodicSample<Integer> sampled;

    ActivationMetrics(MeterRegistry registry, Pool pool, MetricsConfig config, Roles roles) {
        this.registry = registry;
        this.roles = roles;
        sampled = new PeriodicSample<>("the time from purchases to their grants", config, PERIOD_FACTOR,
                () -> measure(pool));
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.PROJECTION)) {
            timer();
            sampled.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.PROJECTION)) {
            sampled.stop();
        }
    }

    private int measure(Pool pool) {
        int measured = 0;
        for (var row : await(Statements.execute(pool, MEASURE))) {
            timer().record(Duration.ofNanos(Math.round(row.getDouble(0) * NANOS)));
            measured++;
        }
        return measured;
    }

    private Timer timer() {
        return Timer.builder("polar.activation")
                .description("From the success of a purchase at Polar to its last grant, by Polar's times")
                .serviceLevelObjectives(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2),
                        Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(1),
                        Duration.ofMinutes(5))
                .register(registry);
    }
}
