package dev.plinto.polar.audit;

import dev.plinto.polar.postgres.Statements;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Adds rows to the audit log. Each method is one statement, which is committed by itself: a row is there with its
/// personal values and with what was to be changed together with it, or nothing is. The database sets a row's time,
/// since an hour must not be sealed while a row of it is being added.
///
/// PostgreSQL may commit a statement also after nobody waits for it any more: then the log has an action without a
/// result, and a change must allow for that.
@ApplicationScoped
public class AuditRows {

    private static final String ADD_ACTION = """
            added AS (
              INSERT INTO audit_log (actor_kind, actor, actor_sha256, way, request_id, organization, action, target,
                                     changed_from, changed_to, reason_sha256)
              SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s WHERE EXISTS (SELECT FROM changed)
              RETURNING id, organization
            ), personal AS (
              INSERT INTO audit_personal (id, field, salt, value, organization)
              SELECT added.id, field, salt, value, added.organization
              FROM added, unnest(%s::text[], %s::bytea[], %s::text[]) AS given (field, salt, value)
            )
            SELECT id FROM added
            """;
    private static final int ACTION_PARAMETERS = 14;

    private static final String ADD_RESULTS = """
            results AS (
              INSERT INTO audit_log (begun, result) SELECT * FROM unnest(%s::bigint[], %s::text[])
            )
            SELECT FROM changed
            """;
    private static final int RESULT_PARAMETERS = 2;

    private final Pool pool;

    AuditRows(Pool pool) {
        this.pool = pool;
    }

    /// What another room changes.
    ///
    /// @param sql one statement, which returns a row if it changes something; its parameters are `$1` and so on
    public record Change(String sql, Tuple parameters) {

        /// The statement that changes this, and then does what is in the rest of its `WITH` clause.
        private String with(String rest, int restParameters) {
            Object[] numbers = IntStream.rangeClosed(1, restParameters)
                    .mapToObj(number -> "$" + (parameters.size() + number)).toArray();
            return "WITH changed AS (" + sql + "), " + rest.formatted(numbers);
        }

        /// To be added to.
        private Tuple values() {
            Tuple values = Tuple.tuple();
            IntStream.range(0, parameters.size()).forEach(i -> values.addValue(parameters.getValue(i)));
            return values;
        }
    }

    /// Changes something, and adds the row of the action that begins with it; neither if there is nothing to change.
    ///
    /// @return the row's id; empty if nothing was changed
    public Uni<Optional<Long>> add(Change change, ActionRow row) {
        String sql = change.with(ADD_ACTION, ACTION_PARAMETERS);
        return Statements.execute(pool, sql, row.addTo(change.values())).map(added -> added.size() == 0
                ? Optional.empty()
                : Optional.of(added.iterator().next().getLong(0)));
    }

    /// Changes something, and adds the results of actions that end with it, also if there is nothing to change.
    ///
    /// @return whether something was changed
    public Uni<Boolean> add(Change change, List<ResultRow> rows) {
        Tuple parameters = change.values()
                .addArrayOfLong(rows.stream().map(ResultRow::begun).toArray(Long[]::new))
                .addArrayOfString(rows.stream().map(ResultRow::result).toArray(String[]::new));
        return Statements.execute(pool, change.with(ADD_RESULTS, RESULT_PARAMETERS), parameters)
                .map(changed -> changed.size() > 0);
    }

    Uni<Long> add(ActionRow row) {
        return add(nothing(), row).map(Optional::orElseThrow);
    }

    Uni<Void> add(ResultRow row) {
        return add(nothing(), List.of(row)).replaceWithVoid();
    }

    private static Change nothing() {
        return new Change("SELECT", Tuple.tuple());
    }
}
