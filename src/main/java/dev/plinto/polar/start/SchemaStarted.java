package dev.plinto.polar.start;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/// Up once the database has the schema of this version. A replica migrates the schema before anything else, unless
/// `POLAR_MIGRATE_AT_START` is off: then it waits until another replica or the separate step has migrated. A replica
/// with only the role `ingress` starts while the database is away, but not on a schema too old for its spool: the
/// replicas that it would replace go on.
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
        var response = HealthCheckResponse.named("schema");
        boolean needsDatabase = roles.roles().stream().anyMatch(role -> role != Role.INGRESS);
        return schema.isCurrent().orElse(!needsDatabase)
                ? response.up().build()
                : response.down()
                        .withData("what",
                                "The database does not have the schema of this version, or does not answer. Start a "
                                        + "replica that migrates it (POLAR_MIGRATE_AT_START, on by default).")
                        .build();
    }
}
