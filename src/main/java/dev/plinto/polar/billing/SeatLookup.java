package dev.plinto.polar.billing;

import dev.plinto.polar.IdParameter;
import dev.plinto.polar.Problem;
import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.postgres.RequestQueries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is known of a subscription, or of a seat, before it is changed.
@ApplicationScoped
class SeatLookup {

    static final Problem UNKNOWN = SubscriptionProblems.UNKNOWN;

    private final RequestQueries database;

    SeatLookup(RequestQueries database) {
        this.database = database;
    }

    /// @param account the organization whose subscription it is
    /// @param isOver  for good
    record Container(String id, String account, boolean hasSeats, boolean isOver) {}

    /// @param subscriptionId null if only its id is known
    /// @param memberId       null if nobody has it, or that is not known
    record KnownSeat(@Nullable String subscriptionId, @Nullable String memberId) {}

    /// Fails with 404 `subscription-unknown` if there is no such subscription, and while it is not known which
    /// organization's it is.
    Uni<Container> require(String id) {
        if (!IdParameter.isId(id)) {
            throw UNKNOWN.exception();
        }
        return database.query("""
                SELECT account, seats IS NOT NULL AS has_seats,
                       coalesce(status = 'canceled', false) OR ended_at IS NOT NULL AS is_over
                FROM subscriptions WHERE id = $1 AND account IS NOT NULL
                """, Tuple.of(id), row -> new Container(id, row.getString("account"), row.getBoolean("has_seats"),
                row.getBoolean("is_over")))
                .map(rows -> rows.stream().filter(found -> new Account(found.account).isLinked()).findFirst()
                        .orElseThrow(UNKNOWN::exception));
    }

    /// Empty if the projection does not know it yet.
    Uni<Optional<KnownSeat>> seat(String id) {
        return database.query("SELECT subscription_id, member_id FROM seats WHERE id = $1", Tuple.of(id),
                row -> new KnownSeat(row.getString("subscription_id"), row.getString("member_id")))
                .map(rows -> rows.stream().findFirst());
    }
}
