package dev.plinto.polar.audit;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The actions that the audit log has, each with its result.
@ApplicationScoped
public class RecordedActions {

    private static final String ACTIONS = """
            SELECT begun.id, begun.at, begun.actor_kind, coalesce(begun.actor, actor.value), begun.way,
                   begun.request_id, begun.organization, begun.action, begun.target, begun.changed_from,
                   begun.changed_to, reason.value, ended.result, ended.at
            FROM audit_log AS begun
            LEFT JOIN LATERAL (
              SELECT result, at FROM audit_log WHERE audit_log.begun = begun.id
              ORDER BY at, id LIMIT 1) AS ended ON true
            LEFT JOIN audit_personal AS actor ON actor.id = begun.id AND actor.field = 'actor'
            LEFT JOIN audit_personal AS reason ON reason.id = begun.id AND reason.field = 'reason'
            WHERE begun.begun IS NULL AND begun.id < $1
              AND ($3::text IS NULL OR begun.organization = $3)
              AND ($4::text IS NULL OR coalesce(begun.actor, actor.value) = $4)
              AND ($5::text IS NULL OR begun.action = $5)
              AND ($6::text IS NULL OR begun.target = $6)
            ORDER BY begun.id DESC LIMIT $2
            """;

    private final RequestQueries database;

    RecordedActions(RequestQueries database) {
        this.database = database;
    }

    /// @param actor        null once the person's data was erased
    /// @param way          `api`, `console` or `system`
    /// @param organization whose business it was; null if it was no single one's
    /// @param target       what the action was applied to; null if to everything
    /// @param from         what it changed, before it; null if it changed no single value
    /// @param reason       why, as the actor said; null for an action that asks for no reason, and once it was erased
    /// @param result       null while the action runs, or if it could not be recorded
    @JsonNaming(SnakeCaseStrategy.class)
    public record Entry(long id, String at, String actorKind, @Nullable String actor, String way,
            @Nullable String requestId,
            @Nullable String organization, String action, @Nullable String target, @Nullable String from,
            @Nullable String to, @Nullable String reason, @Nullable String result, @Nullable String endedAt) {}

    /// @param next the cursor of the next page; null on the last page
    public record Page(List<Entry> items, @Nullable String next) {}

    /// Newest first. Throws 400 `parameter-invalid` if `after` is not a cursor.
    ///
    /// @param after the cursor from the previous page; null or empty for the first page
    public Uni<Page> list(AuditSearch search, @Nullable String after, int limit) {
        Tuple parameters = Tuple.tuple().addLong(before(after)).addInteger(limit + 1).addString(search.organization())
                .addString(search.actor()).addString(search.action()).addString(search.target());
        return database.query(ACTIONS, parameters, RecordedActions::entry).map(found -> found.size() <= limit
                ? new Page(found, null)
                : new Page(found.subList(0, limit), Long.toString(found.get(limit - 1).id)));
    }

    private static long before(@Nullable String cursor) {
        try {
            return cursor == null || cursor.isEmpty() ? Long.MAX_VALUE : Long.parseLong(cursor);
        } catch (NumberFormatException notACursor) {
            throw Problem.cursorInvalid();
        }
    }

    private static Entry entry(Row row) {
        return new Entry(row.getLong(0), Timestamps.toText(row.getOffsetDateTime(1)), row.getString(2),
                row.getString(3), row.getString(4), row.getString(5), row.getString(6), row.getString(7),
                row.getString(8), row.getString(9), row.getString(10), row.getString(11), row.getString(12),
                Timestamps.toText(row.getOffsetDateTime(13)));
    }
}
