package dev.plinto.polar.ops.health;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Ready means that the database answers, except for a replica that only takes deliveries in: it needs none.
@Readiness
@ApplicationScoped
class DatabaseReady implements HealthCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration SILENCE = Duration.ofSeconds(30); // the connection is dead, and another is tried

    private final Roles roles;
    private final PeriodicSample<Boolean> answers;

    DatabaseReady(Pool pool, MetricsConfig config, Roles roles) {
        this.roles = roles;
        answers = new PeriodicSample<>("the database", config,
                () -> pool.query("SELECT 1").execute().await().atMost(SILENCE).size() == 1);
    }

    void start(@Observes StartupEvent event) {
        if (isNeeded()) {
            answers.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (isNeeded()) {
            answers.stop();
        }
    }

    @Override
    public HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("database");
        if (!isNeeded()) {
            return answer.up().withData("needed", "by no role of this replica").build();
        }
        answers.awaitFirst(PATIENCE);
        return answers.current().isPresent()
                ? answer.up().build()
                : answer.down()
                        .withData("what",
                                "PostgreSQL does not answer. See whether it runs, takes connections from here "
                                        + "(QUARKUS_DATASOURCE_REACTIVE_URL) and accepts this user. What was received waits in Kafka.")
                        .build();
    }

    private boolean isNeeded() {
        return roles.roles().stream().anyMatch(role -> role != Role.INGRESS);
    }
}
