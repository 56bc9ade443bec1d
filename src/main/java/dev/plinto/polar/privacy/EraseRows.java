package dev.plinto.polar.privacy;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.DataSubject;
import dev.plinto.polar.ErasureStep;
import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import dev.plinto.polar.postgres.Statements;
import io.vertx.sqlclient.Pool;
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
    public Optional<String> take(DataSubject subject) {
        long erased = 0;
        for (HeldTable table : room.tables()) {
            Optional<String> sql = new SubjectRows(table).erase();
            if (sql.isPresent()) {
                erased += erase(sql.get(), subject);
            }
        }
        return Optional.of(erased + " rows erased");
    }

    private long erase(String sql, DataSubject subject) {
        long erased = 0;
        int part;
        do {
            Tuple parameters = SubjectRows.parameters(subject).addInteger(ROWS);
            part = await(Statements.execute(pool, sql, parameters)).rowCount();
            erased += part;
        } while (part == ROWS);
        return erased;
    }
}
