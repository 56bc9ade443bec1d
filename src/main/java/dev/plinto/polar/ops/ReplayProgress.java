package dev.plinto.polar.ops;

import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of replayed events: the projection applies or parks them, some time after they were published again.
@ApplicationScoped
public class ReplayProgress {

    private final RequestQueries database;

    ReplayProgress(RequestQueries database) {
        this.database = database;
    }

    /// A replay that was accepted.
    ///
    /// @param events how many were published again
    /// @param since  when it began, by the database's clock
    /// @param which  one event, or all of a selection
    public record Replay(int events, Instant since, Which which) {}

    public sealed interface Which {

        record One(String webhookId) implements Which {}

        record All(ParkedSelection selection) implements Which {}

        record UnknownType(String type) implements Which {}
    }

    /// @param waiting     how many of the events are not projected yet
    /// @param failedAgain how many could not be applied, and are parked
    /// @param detail      why, of the one event; null of several
    public record State(int events, long waiting, long failedAgain, @Nullable String detail) {

        public long applied() {
            return Math.max(0, events - waiting - failedAgain);
        }
    }

    /// The moment to give to a replay that begins now.
    public Uni<Instant> now() {
        return database.query("SELECT clock_timestamp()", Tuple.tuple(), row -> row.getOffsetDateTime(0).toInstant())
                .map(found -> found.getFirst().truncatedTo(ChronoUnit.MICROS));
    }

    public Uni<State> of(Replay replay) {
        return switch (replay.which) {
            case Which.One one -> database.query("""
                    SELECT last_failed_at < $2, detail FROM parked WHERE webhook_id = $1
                    """, Tuple.of(one.webhookId, Timestamps.ofInstant(replay.since)),
                    row -> row.getBoolean(0) ? new State(1, 1, 0, null) : new State(1, 0, 1, row.getString(1)))
                    .map(found -> found.isEmpty() ? new State(1, 0, 0, null) : found.getFirst());
            // An event that fails again can do so for another reason.
            case Which.All all -> database.query("""
                    SELECT count(*) FILTER (WHERE last_failed_at < $3 AND ($1::text IS NULL OR reason = $1)),
                           count(*) FILTER (WHERE last_failed_at >= $3 AND first_failed_at < $3)
                    FROM parked WHERE $2::text IS NULL OR type = $2
                    """, Tuple.of(all.selection.reason(), all.selection.type(), Timestamps.ofInstant(replay.since)),
                    row -> new State(replay.events, row.getLong(0), row.getLong(1), null)).map(List::getFirst);
            case Which.UnknownType unknown -> database.query("""
                    SELECT count(*) FILTER (WHERE parked.webhook_id IS NULL), count(parked.webhook_id)
                    FROM inbox JOIN payloads USING (webhook_id, received_at)
                      LEFT JOIN parked ON parked.webhook_id = inbox.webhook_id AND last_failed_at >= $2
                    WHERE outcome = 'unknown_type' AND inbox.type = $1
                    """, Tuple.of(unknown.type, Timestamps.ofInstant(replay.since)),
                    row -> new State(replay.events, row.getLong(0), row.getLong(1), null)).map(List::getFirst);
        };
    }
}
