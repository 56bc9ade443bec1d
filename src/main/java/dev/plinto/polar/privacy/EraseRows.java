package dev.plinto.polar.privacy;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.DataSubject;
import dev.plinto.polar.ErasureStep;
import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import dev.plinto.polar.postgres.Statements;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/// Erases the organization's rows in all tables of a room, some at a time: each part is a transaction of its own, and
/// keeps nobody waiting.
final class EraseRows implements ErasureStep {

    private static final int ROWS = 500;

    private final Pool pool;
    private final HeldData room;

    EraseRows(Pool pool, HeldData room) {
        this.pool = pool;
        this.room = room;
    }

    @Override
    public String name() {
        return room.room() + " rows";
    }

    @Override
    public boolean countsWhatItDid() {
        return true;
    }

    /// Empty while rows are left that are in use.
    @Override
    public Optional<String> take(DataSubject subject) {
        long erased = 0;
        boolean isWaiting = false;
        for (HeldTable table : room.tables()) {
            SubjectRows rows = new SubjectRows(table);
            Optional<String> sql = rows.erase();
            if (sql.isPresent()) {
                erased += erase(sql.get(), subject);
            }
            isWaiting |= rows.countBusy().map(busy -> numbers(busy, SubjectRows.parameters(subject)).getLong(0) > 0)
                    .orElse(false);
        }
        return isWaiting ? Optional.empty() : Optional.of(erased + " rows erased");
    }

    private long erase(String sql, DataSubject subject) {
        long all = 0;
        long found;
        long erased;
        do {
            Row part = numbers(sql, SubjectRows.parameters(subject).addInteger(ROWS));
            found = part.getLong(0);
            erased = part.getLong(1);
            all += erased;
        } while (found == ROWS || erased < found);
        return all;
    }

    private Row numbers(String sql, Tuple parameters) {
        return await(Statements.execute(pool, sql, parameters)).iterator().next();
    }
}
