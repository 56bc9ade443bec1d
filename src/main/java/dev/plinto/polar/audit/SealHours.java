package dev.plinto.polar.audit;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.postgres.DatabaseAway;
import io.quarkus.logging.Log;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Seals the hours of the audit log that are over, one after the other.
@ApplicationScoped
class SealHours {

    private static final String LOCKED = "55P03";

    private final SealStore seals;

    SealHours(SealStore seals) {
        this.seals = seals;
    }

    /// All that are over and not sealed. The newest seal is also in the log of the service, since a chain that never
    /// leaves its database could be made anew: it covers all seals before. Blocks.
    void seal() {
        Seal newest = null;
        try {
            for (Optional<Seal> next = await(seals.sealNext()); next.isPresent(); next = await(seals.sealNext())) {
                newest = next.get();
                warnIfFirst(newest);
            }
        } finally { // also of those before one that fails
            log(newest);
        }
    }

    /// Why it failed, and what to do.
    static String describe(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException refused && LOCKED.equals(refused.getSqlState())) {
                return "a transaction that has written to it, or reads it, is still open. Find it: SELECT pid, "
                        + "xact_start, application_name FROM pg_stat_activity ORDER BY xact_start; if it does not end, "
                        + "SELECT pg_terminate_backend(pid) ends it (SQLSTATE " + LOCKED + ")";
            }
        }
        return DatabaseAway.describe(failure);
    }

    private static void warnIfFirst(Seal seal) {
        if (seal.follows(null)) {
            Log.warnf("The seals of the audit log begin with hour %s. That is right once, after the release that "
                    + "seals was installed; later it means that all seals were removed", Rfc3339.format(seal.hour()));
        }
    }

    private static void log(@Nullable Seal newest) {
        if (newest != null) {
            Log.infof("Audit log sealed until %s: hour %s, %d rows, SHA-256 %s", Rfc3339.format(newest.end()),
                    Rfc3339.format(newest.hour()), newest.rows(), newest.hex());
        }
    }
}
