package dev.plinto.polar.audit;

import dev.plinto.polar.Problem;
import dev.plinto.polar.postgres.DatabaseAway;
import io.quarkus.logging.Log;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.Supplier;

/// Commits each row of an action by itself, in the calling thread.
enum OwnTransactions implements AuditLog.Rows {
    INSTANCE;

    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Override
    public void before(Supplier<Uni<Void>> row) {
        await(row);
    }

    @Override
    public void after(Supplier<Uni<Void>> row, String result) {
        try {
            await(row);
        } catch (RuntimeException failure) { // what was done stays done, and its answer must say so
            Log.warnf("Could not record the result of an action in the audit log: %s. The result is: %s",
                    DatabaseAway.describe(failure), result);
        }
    }

    /// On a context of its own, since two transactions in one disturb each other.
    private static void await(Supplier<Uni<Void>> transaction) {
        try {
            VertxContextSupport.subscribeAndAwait(() -> transaction.get().ifNoItem().after(LIMIT).fail());
        } catch (Throwable failure) {
            if (DatabaseAway.isCauseOf(failure)) {
                Log.warnf("Answered a request with 503, because it could not be recorded in the audit log: %s",
                        DatabaseAway.describe(failure));
                throw Problem.databaseUnavailable();
            }
            switch (failure) {
                case RuntimeException unexpected -> throw unexpected;
                case Error unexpected -> throw unexpected;
                default -> throw new IllegalStateException("could not write to the audit log", failure);
            }
        }
    }
}
