package dev.plinto.polar.ops;

import dev.plinto.polar.postgres.RequestQueries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// Finds the discarded events that may matter to an account: an operator has decided that what they say does not count.
/// By their bodies only as long as these are kept.
@ApplicationScoped
class DiscardedOfAccount {

    private final RequestQueries database;

    DiscardedOfAccount(RequestQueries database) {
        this.database = database;
    }

    /// Oldest first. A payload is stored at the moment at which its event is discarded.
    Uni<List<FoundEvent>> find(BodySearch search) {
        return database.query("""
                SELECT newest.webhook_id, type, outcome, moment, newest.received_at, projected_at, origin, subject, %s
                FROM (SELECT * FROM inbox WHERE outcome = 'discarded'
                      ORDER BY projected_at DESC, webhook_id DESC LIMIT $2) AS newest
                  LEFT JOIN payloads ON payloads.webhook_id = newest.webhook_id AND stored_at = projected_at
                WHERE %s
                ORDER BY projected_at, newest.webhook_id LIMIT $5
                """.formatted(BodySearch.BODY, BodySearch.CONDITION), search.parameters(),
                row -> Optional.of(row).filter(found -> search.isNamedBy(found.getBuffer(8)))
                        .map(EventStore::event))
                .map(found -> found.stream().flatMap(Optional::stream).toList());
    }

    /// Whether older discarded events were not searched.
    Uni<Boolean> areMoreThanSearched() {
        return database.query(
                "SELECT count(*) FROM (SELECT FROM inbox WHERE outcome = 'discarded' LIMIT $1) AS counted",
                Tuple.of(BodySearch.MOST_SEARCHED + 1), row -> row.getLong(0) > BodySearch.MOST_SEARCHED)
                .map(List::getFirst);
    }
}
