package dev.plinto.polar.start;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/// Started means that the database has the schema of this artefact. A replica brings it up to date before anything
/// else, unless that was turned off (`POLAR_MIGRATE_AT_START`): then it waits for who does it. One that only
/// takes deliveries in starts while the database is away, but not on a schema that is too old for its spool: those that
/// it would replace go on.
@Startup
@ApplicationScoped
class SchemaStarted implements HealthCheck {

    private final Schema schema;
    private final Roles roles;

    SchemaStarted(Schema schema, Roles roles) {
        this.schema = schema;
        this.roles = roles;
    }

    @Override
    public HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("schema");
        boolean needsDatabase = roles.roles().stream().anyMatch(role -> role != Role.INGRESS);
        return schema.isThere().orElse(!needsDatabase)
                ? answer.up().build()
                : answer.down()
                        .withData("what",
                                "The database does not have the tables of this version, or does not answer. Let a "
                                        + "replica start that may migrate it (POLAR_MIGRATE_AT_START, on by default).")
                        .build();
    }
}
