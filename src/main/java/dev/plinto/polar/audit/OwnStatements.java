package dev.plinto.polar.audit;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.Problem;
import dev.plinto.polar.postgres.DatabaseAway;
import io.quarkus.logging.Log;
import java.time.Duration;

/// Commits each row of an action by itself, in the calling thread.
record OwnStatements(AuditRows rows) implements AuditLog.Rows {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Override
    public long before(ActionRow row) {
        try {
            return await(rows.add(row), LIMIT);
        } catch (RuntimeException failure) {
            if (!DatabaseAway.isCauseOf(failure)) {
                throw failure;
            }
            Log.warnf("Answered a request with 503, because it could not be recorded in the audit log: %s",
                    DatabaseAway.describe(failure));
            throw Problem.databaseUnavailable();
        }
    }

    @Override
    public void after(ResultRow row) {
        try {
            await(rows.add(row), LIMIT);
        } catch (RuntimeException failure) { // what was done stays done, and its answer must say so
            Log.warnf("Could not record the result of an action in the audit log: %s. The result is: %s",
                    DatabaseAway.describe(failure), row.result());
        }
    }
}
