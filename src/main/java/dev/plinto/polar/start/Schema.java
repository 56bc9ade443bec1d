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

/// The tables of this artefact. Whoever starts first brings them up to date, before anything else and under Flyway's
/// lock; later starts only ask whether that was done (`docs/adr/0016`).
@ApplicationScoped
public class Schema {

    /// The newest file of `db/migration`.
    public static final long VERSION = 8;

    private static final int BEFORE_EVERYBODY = 0;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String NO_SUCH_TABLE = "42P01";

    /// Of the table in which Flyway keeps it: there may be another one's on the search path. Not prepared, since a
    /// prepared statement would go on with that one.
    private static final String APPLIED = """
            SELECT FROM flyway_schema_history
            WHERE success AND string_to_array(version, '.')::bigint[] >= ARRAY[%d]::bigint[]
              AND tableoid = to_regclass(quote_ident(current_schema()) || '.flyway_schema_history')
            LIMIT 1
            """.formatted(VERSION);

    private final Pool pool;
    private final MigrateConfig config;
    private volatile boolean there;

    Schema(Pool pool, MigrateConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /// A database that says nothing is left to Flyway, which says why. So is every start in development and tests:
    /// somebody may have changed a migration.
    ///
    /// @throws FlywayException where the tables are not there even so
    void start(@Observes @Priority(BEFORE_EVERYBODY) StartupEvent event) {
        if (!config.atStart() || !LaunchMode.current().isDevOrTest() && isThere().orElse(false)) {
            return;
        }
        MigrateSchema.run(name -> ConfigProvider.getConfig().getOptionalValue(name, String.class).orElse(null),
                config.patience());
        if (!isThere().orElse(true)) {
            throw new FlywayException("the migration was done somewhere else than where this service looks for its "
                    + "tables: another database, or another schema of it");
        }
    }

    /// Whether the database has the tables of this version, or a later one; empty where it does not answer in 2 s. What
    /// is there stays, and is not asked for again.
    public Optional<Boolean> isThere() {
        try {
            there = there || pool.withConnection(connection -> // returned, also where it comes too late for us
            connection.query(APPLIED).execute())
                    .await().atMost(PATIENCE).size() == 1;
            return Optional.of(there);
        } catch (PgException refused) {
            return NO_SUCH_TABLE.equals(refused.getSqlState()) ? Optional.of(false) : unanswered(refused);
        } catch (VertxException | CompletionException | TimeoutException away) {
            return unanswered(away);
        }
    }

    private static Optional<Boolean> unanswered(RuntimeException why) {
        Log.debugf("The schema cannot be looked at: %s", why);
        return Optional.empty();
    }
}
