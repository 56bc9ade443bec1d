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
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// A pipelined transaction: each statement is sent at once, before earlier answers arrive, and PostgreSQL executes them
/// in order. A batch so costs one round trip for each answer that it waits for, not for each statement.
///
/// BEGIN and ROLLBACK are ordinary statements. The client's own transactions would roll back automatically after a
/// failure, and statements that were already sent would then be executed outside of any transaction.
final class OpenTransaction {

    private final SqlConnection connection;
    private final Deque<Reply<?>> unread = new ArrayDeque<>();
    private boolean committed;

    OpenTransaction(SqlConnection connection) {
        this.connection = connection;
        send("BEGIN");
    }

    /// The answer need not be read: a statement that fails makes the commit fail.
    Answer send(String sql) {
        return new Answer(sent(connection.query(sql).execute()));
    }

    Answer send(String sql, Tuple parameters) {
        return new Answer(sent(connection.preparedQuery(sql).execute(parameters)));
    }

    /// For statements that another room makes.
    <T> Reply<T> send(Function<SqlConnection, Future<T>> statements) {
        return sent(statements.apply(connection));
    }

    void commit() {
        while (!unread.isEmpty()) {
            unread.remove().receive();
        }
        sent(connection.query("COMMIT").execute()).receive();
        committed = true;
    }

    /// Returns the connection to the pool, after rolling back what was not committed.
    void end() {
        if (committed) {
            connection.close();
        } else {
            connection.query("ROLLBACK").execute().onComplete(rolledBack -> connection.close());
        }
    }

    private <T> Reply<T> sent(Future<T> sent) {
        Reply<T> reply = new Reply<>(sent);
        unread.add(reply);
        return reply;
    }

    /// PostgreSQL's answer to a statement; reading it waits for it.
    static final class Answer {

        private @Nullable Reply<RowSet<Row>> reply;

        private Answer(Reply<RowSet<Row>> reply) {
            this.reply = reply;
        }

        /// Once: so that the rows, which may be many, are not in memory beside what is made of them.
        <T> List<T> list(Function<Row, T> read) {
            RowSet<Row> answered = unread().await();
            reply = null;
            return StreamSupport.stream(answered.spliterator(), false).map(read).toList();
        }

        int rowCount() {
            return unread().await().rowCount();
        }

        private Reply<RowSet<Row>> unread() {
            return Objects.requireNonNull(reply, "the rows of an answer are read once");
        }
    }

    /// What is made of PostgreSQL's answer.
    final class Reply<T> {

        private final Future<T> sent;
        private boolean received;

        private Reply(Future<T> sent) {
            this.sent = sent;
        }

        /// Receives earlier answers first: after a failed statement all others fail, and only the first failure has the
        /// cause.
        T await() {
            while (!received) {
                unread.remove().receive();
            }
            return sent.result();
        }

        private void receive() {
            Answers.await(sent);
            received = true;
        }
    }
}
