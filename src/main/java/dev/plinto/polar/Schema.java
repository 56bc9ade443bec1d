package dev.plinto.polar;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.TimeoutException;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.config.ConfigProvider;

/// The tables of this artefact. Whoever starts first brings them up to date, before anything else and under Flyway's lock;
/// later starts only ask whether that was done.
@ApplicationScoped
public class Schema {

    /// The newest file of `db/migration`.
    static final String VERSION = "8";

    private static final int BEFORE_EVERYBODY = 0;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String NO_SUCH_TABLE = "42P01";

    private final Pool pool;
    private final MigrateConfig config;
    private volatile boolean there;

    Schema(Pool pool, MigrateConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /// A database that says nothing is left to Flyway, which says why.
    void start(@Observes @Priority(BEFORE_EVERYBODY) StartupEvent event) {
        if (config.atStart() && !isThere().orElse(false)) {
            MigrateSchema.run(name -> ConfigProvider.getConfig().getOptionalValue(name, String.class).orElse(null),
                    config.patience());
        }
    }

    /// Whether the database has the tables of this version, or a later one; empty where it does not answer in 2 s. What is
    /// there stays, and is not asked for again.
    public Optional<Boolean> isThere() {
        try {
            there = there || pool.withConnection(connection -> connection.preparedQuery(
                            "SELECT FROM flyway_schema_history WHERE version = $1 AND success")
                            .execute(Tuple.of(VERSION)))
                    .await().atMost(PATIENCE).size() == 1;
            return Optional.of(there);
        } catch (PgException refused) {
            return refused.getSqlState().equals(NO_SUCH_TABLE) ? Optional.of(false) : unanswered(refused);
        } catch (CompletionException | TimeoutException away) {
            return unanswered(away);
        }
    }

    private static Optional<Boolean> unanswered(RuntimeException why) {
        Log.debugf("The schema cannot be looked at: %s", why.getMessage());
        return Optional.empty();
    }
}
