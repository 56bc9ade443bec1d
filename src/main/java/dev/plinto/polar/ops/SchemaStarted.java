package dev.plinto.polar.ops;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// Started means that the database has the schema of this artefact. A replica brings it up to date before anything
/// else, unless that was turned off (`QUARKUS_FLYWAY_MIGRATE_AT_START`): then it waits for who does it. One that only
/// takes deliveries in needs none.
@Startup
@ApplicationScoped
class SchemaStarted implements HealthCheck {

    private final Flyway flyway;
    private final Roles roles;
    private volatile boolean migrated;

    SchemaStarted(Flyway flyway, Roles roles) {
        this.flyway = flyway;
        this.roles = roles;
    }

    @Override
    public HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("schema");
        if (roles.roles().stream().allMatch(role -> role == Role.INGRESS)) {
            return answer.up().withData("needed", "by no role of this replica").build();
        }
        return isMigrated() ? answer.up().build() : answer.down()
                .withData("what", "The database does not have the tables of this version, or does not answer. Let a "
                        + "replica start that may migrate it (QUARKUS_FLYWAY_MIGRATE_AT_START, on by default).")
                .build();
    }

    /// What is migrated stays so, and is not asked for again.
    private boolean isMigrated() {
        if (!migrated) {
            try {
                migrated = flyway.info().pending().length == 0;
            } catch (FlywayException away) {
                Log.debugf("The schema cannot be looked at: %s", away.getMessage());
            }
        }
        return migrated;
    }
}
