package dev.plinto.polar.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinto.polar.testing.LogLines;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A transaction that has written to an hour and is still open.
class SealHoursTest extends SealedLog {

    @Test
    void hourThatIsStillWritten_isNotSealed_butLogged_andSoAreThoseBefore() throws Exception {
        empty();
        action(recent, "reconcile");
        try (Connection writer = database.connect();
                Statement statement = writer.createStatement();
                LogLines log = LogLines.of(SealHours.class)) {
            writer.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock_shared(hashtext('audit_log'), audit_hour('"
                    + recent.plus(Duration.ofHours(1)) + "'))");

            RuntimeException failure = catchThrowableOfType(RuntimeException.class,
                    () -> new SealHours(new SealStore(pool, Duration.ofMillis(100))).seal());

            assertThat(SealHours.describe(failure)).contains("is still open", "pg_stat_activity");
            assertThat(log.lines()).last().asString().contains("1 rows, SHA-256 ");
            writer.rollback();
        }
    }
}
