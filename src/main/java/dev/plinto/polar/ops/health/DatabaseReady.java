package dev.plinto.polar.ops.health;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.postgres.Answers;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.postgres.Statements;
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

/// Up if the database answers, or if the replica's only role is `ingress`, which does not need it.
@Readiness
@ApplicationScoped
class DatabaseReady implements HealthCheck {

    private static final Duration FIRST_ANSWER = Duration.ofSeconds(2);

    private static final String AWAY = "PostgreSQL does not answer. Check that it runs, that this replica reaches it "
            + "at QUARKUS_DATASOURCE_REACTIVE_URL, and that it accepts this user. Received events wait in Kafka.";
    private static final String FAULT = "This replica cannot ask PostgreSQL, by a fault of its own, which the log "
            + "describes. Restart it; if that does not help, go back to the release before.";

    private final Roles roles;
    private final PeriodicSample<Boolean> answers;
    private volatile boolean faulty;

    DatabaseReady(Pool pool, MetricsConfig config, Roles roles) {
        this.roles = roles;
        answers = new PeriodicSample<>("the database", config,
                () -> answers(pool));
    }

    private boolean answers(Pool pool) {
        try {
            boolean answered = Answers.await(Statements.execute(pool, "SELECT 1")).size() == 1;
            faulty = false;
            return answered;
        } catch (RuntimeException failure) {
            faulty = !DatabaseAway.isCauseOf(failure);
            throw failure;
        }
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
        answers.awaitFirst(FIRST_ANSWER);
        return answers.current().isPresent()
                ? answer.up().build()
                : answer.down()
                        .withData("what", faulty ? FAULT : AWAY).build();
    }

    private boolean isNeeded() {
        return roles.roles().stream().anyMatch(role -> role != Role.INGRESS);
    }
}
