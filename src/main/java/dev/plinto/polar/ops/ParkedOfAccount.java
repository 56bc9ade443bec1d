package dev.plinto.polar.ops;

import dev.plinto.polar.postgres.RequestQueries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// Finds the parked events that may matter to an account: until they are applied, what is known of it is incomplete.
@ApplicationScoped
class ParkedOfAccount {

    private final RequestQueries database;

    ParkedOfAccount(RequestQueries database) {
        this.database = database;
    }

    /// Oldest first.
    Uni<List<ParkedEvent>> find(BodySearch search) {
        return database.query("""
                SELECT webhook_id, type, reason, detail, attempts, first_failed_at, last_failed_at, received_at, origin,
                       octet_length(body), body_forgotten_at, %s
                FROM (SELECT * FROM parked ORDER BY received_at DESC, webhook_id DESC LIMIT $2) AS newest
                WHERE %s
                ORDER BY received_at, webhook_id LIMIT $5
                """.formatted(BodySearch.BODY, BodySearch.CONDITION), search.parameters(),
                row -> Optional.of(row).filter(found -> search.isNamedBy(found.getBuffer(11)))
                        .map(ParkedStore::event))
                .map(found -> found.stream().flatMap(Optional::stream).toList());
    }

    /// Whether older parked events were not searched.
    Uni<Boolean> areMoreThanSearched() {
        return database.query("SELECT count(*) FROM (SELECT FROM parked LIMIT $1) AS counted",
                Tuple.of(BodySearch.MOST_SEARCHED + 1), row -> row.getLong(0) > BodySearch.MOST_SEARCHED)
                .map(List::getFirst);
    }
}
