package dev.plinto.polar.start;

import io.quarkus.logging.Log;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.VertxException;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.config.ConfigProvider;
import org.flywaydb.core.api.FlywayException;

/// The database schema of this version. The first replica that starts brings it up to date, before anything else and
/// under Flyway's lock; later starts only check that this was done (`docs/adr/0016`).
@ApplicationScoped
public class Schema {

    /// The version of the newest file in `db/migration`.
    public static final long VERSION = 32;

    private static final int BEFORE_EVERYTHING = 0;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String NO_SUCH_TABLE = "42P01";

    /// Reads Flyway's history in the current schema only: the search path may lead to another application's history.
    /// Not prepared, since a prepared statement would keep reading that one.
    private static final String APPLIED = """
            SELECT FROM flyway_schema_history
            WHERE success AND string_to_array(version, '.')::bigint[] >= ARRAY[%d]::bigint[]
              AND tableoid = to_regclass(quote_ident(current_schema()) || '.flyway_schema_history')
            LIMIT 1
            """.formatted(VERSION);

    private final Pool pool;
    private final MigrateConfig config;
    private volatile boolean current;

    Schema(Pool pool, MigrateConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /// Runs Flyway unless the schema is known to be current. If the database does not answer, Flyway reports why. In
    /// development and tests Flyway always runs, since a migration may have been edited.
    ///
    /// @throws FlywayException if the migration fails, or the schema is not current after it
    void start(@Observes @Priority(BEFORE_EVERYTHING) StartupEvent event) {
        if (!config.atStart() || !LaunchMode.current().isDevOrTest() && isCurrent().orElse(false)) {
            return;
        }
        MigrateSchema.run(name -> ConfigProvider.getConfig().getOptionalValue(name, String.class).orElse(null),
                config.patience());
        if (!isCurrent().orElse(true)) {
            throw new FlywayException("the migration changed another database or schema than the one that this service "
                    + "uses");
        }
    }

    /// Whether the database has the schema of this version or a later one; empty if it does not answer within 2 s. True
    /// is final: the database is not queried again.
    public Optional<Boolean> isCurrent() {
        try {
            current = current || pool.withConnection(connection -> // returned to the pool even after the timeout
            connection.query(APPLIED).execute())
                    .await().atMost(PATIENCE).size() == 1;
            return Optional.of(current);
        } catch (PgException refused) {
            return NO_SUCH_TABLE.equals(refused.getSqlState()) ? Optional.of(false) : unanswered(refused);
        } catch (VertxException | CompletionException | TimeoutException away) {
            return unanswered(away);
        }
    }

    private static Optional<Boolean> unanswered(RuntimeException why) {
        Log.debugf("Cannot read the schema version: %s", why);
        return Optional.empty();
    }
}
