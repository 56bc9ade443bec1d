package dev.plinto.polar.ops;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.plinto.polar.polar.NamedIds;
import dev.plinto.polar.postgres.RequestQueries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the parked events that may matter to an account: until they are applied, what is known of it is incomplete.
@ApplicationScoped
class ParkedOfAccount {

    /// Events are parked seldom, but all at once if a release cannot apply them: more are not searched.
    static final int MOST_SEARCHED = 5_000;
    private static final int LARGEST_BODY_SEARCHED = 64 * 1024;
    private static final int MOST_FOUND = 100;

    private final RequestQueries database;

    ParkedOfAccount(RequestQueries database) {
        this.database = database;
    }

    /// Those of its customers; and those whose body names the account, since the customer may be unknown as long as
    /// the event is parked. Oldest first.
    Uni<List<ParkedEvent>> find(String account, List<String> customers) {
        List<String> subjects = new ArrayList<>(customers);
        subjects.add(account);
        String quoted = '"' + new String(JsonStringEncoder.getInstance().quoteAsString(account)) + '"';
        return database.query("""
                SELECT webhook_id, type, reason, detail, attempts, first_failed_at, last_failed_at, received_at, origin,
                       octet_length(body), body_forgotten_at,
                       CASE WHEN subject = ANY ($1) THEN NULL ELSE body END
                FROM (SELECT * FROM parked ORDER BY received_at DESC, webhook_id DESC LIMIT $2) AS newest
                WHERE subject = ANY ($1)
                  OR octet_length(body) <= $3 AND position(convert_to($4, 'UTF8') IN body) > 0
                ORDER BY received_at, webhook_id LIMIT $5
                """, Tuple.of(subjects.toArray(String[]::new), MOST_SEARCHED, LARGEST_BODY_SEARCHED, quoted,
                MOST_FOUND), row -> read(row, account))
                .map(found -> found.stream().flatMap(Optional::stream).toList());
    }

    /// Whether older parked events were not searched.
    Uni<Boolean> areMoreThanSearched() {
        return database.query("SELECT count(*) FROM (SELECT FROM parked LIMIT $1) AS counted",
                Tuple.of(MOST_SEARCHED + 1), row -> row.getLong(0) > MOST_SEARCHED).map(List::getFirst);
    }

    /// Empty if the body has the text, but not as an id.
    private static Optional<ParkedEvent> read(Row row, String account) {
        Buffer body = row.getBuffer(11);
        return body == null || NamedIds.in(body.getBytes()).contains(account)
                ? Optional.of(ParkedStore.event(row))
                : Optional.empty();
    }
}
