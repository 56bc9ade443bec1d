package dev.plinto.polar.projection;

import dev.plinto.polar.postgres.Answers;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/// Statements that commit together. Each is sent at once, before the answers to earlier ones are there, and PostgreSQL
/// executes them in the order in which they were sent: a batch costs as many round trips as it has questions, not as it
/// has statements.
///
/// BEGIN and ROLLBACK are statements like all others. The client's own transactions would roll back at a failure by
/// themselves, and what was sent meanwhile would then be executed outside of any transaction.
final class OpenTransaction {

    private final SqlConnection connection;
    private final Deque<Answer> awaited = new ArrayDeque<>();
    private boolean committed;

    OpenTransaction(SqlConnection connection) {
        this.connection = connection;
        send("BEGIN");
    }

    /// Who needs no answer need not ask for it: a statement that fails makes the commit fail.
    Answer send(String sql) {
        return sent(connection.query(sql).execute());
    }

    Answer send(String sql, Tuple parameters) {
        return sent(connection.preparedQuery(sql).execute(parameters));
    }

    void commit() {
        while (!awaited.isEmpty()) {
            awaited.remove().hear();
        }
        send("COMMIT").hear();
        committed = true;
    }

    /// Gives the connection back, once nothing of what was not committed is left on it.
    void end() {
        if (committed) {
            connection.close();
        } else {
            connection.query("ROLLBACK").execute().onComplete(answered -> connection.close());
        }
    }

    private Answer sent(Future<RowSet<Row>> rows) {
        Answer answer = new Answer(rows);
        awaited.add(answer);
        return answer;
    }

    /// What PostgreSQL answers to a statement, waited for when somebody asks.
    final class Answer {

        private final Future<RowSet<Row>> rows;
        private boolean heard;

        private Answer(Future<RowSet<Row>> rows) {
            this.rows = rows;
        }

        <T> List<T> list(Function<Row, T> read) {
            return StreamSupport.stream(await().spliterator(), false).map(read).toList();
        }

        int rowCount() {
            return await().rowCount();
        }

        /// Earlier answers first: after a statement that fails all others do, and only the first says why.
        private RowSet<Row> await() {
            while (!heard) {
                awaited.remove().hear();
            }
            return rows.result();
        }

        private void hear() {
            Answers.await(rows);
            heard = true;
        }
    }
}
