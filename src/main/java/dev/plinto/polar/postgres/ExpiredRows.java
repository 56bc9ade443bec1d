package dev.plinto.polar.postgres;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.telemetry.LastingThreads;
import io.quarkus.logging.Log;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Deletes rows that have been kept for long enough, every five minutes, in slices of a transaction each. The work of a
/// period is bounded. While the database is away, a warning says so, and the next period catches up.
public final class ExpiredRows {

    private static final Duration PERIOD = Duration.ofMinutes(5);
    private static final int MOST_SLICES = 200;

    private final Pool pool;
    private final String what;
    private final String delete;
    private final Duration kept;
    private final int slice;
    private final Consumer<RowSet<Row>> observer;
    private @Nullable ScheduledExecutorService thread;

    /// @param what     is deleted, for the log and as the thread's name
    /// @param delete   deletes at most `$2` rows that are older than `$1` milliseconds, none that another replica
    ///                 deletes at the same time
    /// @param slice    the number of rows for `$2`
    /// @param observer gets each slice once it is deleted
    public ExpiredRows(Pool pool, String what, String delete, Duration kept, int slice,
            Consumer<RowSet<Row>> observer) {
        this.pool = pool;
        this.what = what;
        this.delete = delete;
        this.kept = kept;
        this.slice = slice;
        this.observer = observer;
    }

    /// From now on, until [#stop()].
    public void start() {
        thread = LastingThreads.scheduler(what);
        thread.scheduleWithFixedDelay(this::deleteOrRetryLater, PERIOD.toSeconds(), PERIOD.toSeconds(),
                TimeUnit.SECONDS);
    }

    /// Does nothing if it was not started.
    public void stop() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    private void deleteOrRetryLater() {
        try {
            delete();
        } catch (RuntimeException failure) {
            Log.warnf("Cannot delete %s that are older than %d h; retrying in %d min: %s", what, kept.toHours(),
                    PERIOD.toMinutes(), DatabaseAway.describe(failure));
        }
    }

    /// The work of one period. Blocks.
    public void delete() {
        for (int i = 0; i < MOST_SLICES; i++) {
            RowSet<Row> deleted = await(Statements.execute(pool, delete, Tuple.of(kept.toMillis(), slice)));
            observer.accept(deleted);
            if (deleted.rowCount() < slice) {
                return;
            }
        }
    }
}
