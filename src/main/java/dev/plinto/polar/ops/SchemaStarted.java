package dev.plinto.polar.ops;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// Started means that the database has the schema of this artefact. A replica brings it up to date before anything
/// else, unless that was turned off (`QUARKUS_FLYWAY_MIGRATE_AT_START`): then it waits for who does it. One that only
/// takes deliveries in starts while the database is away, but not on a schema that is too old for its spool: those that
/// it would replace go on.
@Startup
@ApplicationScoped
class SchemaStarted implements HealthCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Flyway flyway;
    private final Roles roles;
    private volatile boolean migrated;
    private CompletableFuture<Optional<Integer>> asked = CompletableFuture.completedFuture(Optional.empty());

    SchemaStarted(Flyway flyway, Roles roles) {
        this.flyway = flyway;
        this.roles = roles;
    }

    @Override
    public HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("schema");
        boolean needsDatabase = roles.roles().stream().anyMatch(role -> role != Role.INGRESS);
        return (needsDatabase ? isMigrated() : !isKnownToBeBehind()) ? answer.up().build() : answer.down()
                .withData("what", "The database does not have the tables of this version, or does not answer. Let a "
                        + "replica start that may migrate it (QUARKUS_FLYWAY_MIGRATE_AT_START, on by default).")
                .build();
    }

    /// Whoever asks does not wait for a database that does not answer.
    private synchronized boolean isKnownToBeBehind() {
        if (!migrated && asked.isDone()) {
            asked = CompletableFuture.supplyAsync(this::pending, Infrastructure.getDefaultWorkerPool());
        }
        return !migrated && asked.copy().completeOnTimeout(Optional.empty(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join().filter(migrations -> migrations > 0).isPresent();
    }

    private boolean isMigrated() {
        return migrated || pending().equals(Optional.of(0));
    }

    /// How many migrations the database lacks; empty where it does not answer. What is migrated stays so, and is not
    /// asked for again.
    private Optional<Integer> pending() {
        try {
            int pending = flyway.info().pending().length;
            migrated = pending == 0;
            return Optional.of(pending);
        } catch (FlywayException away) {
            Log.debugf("The schema cannot be looked at: %s", away.getMessage());
            return Optional.empty();
        }
    }
}
