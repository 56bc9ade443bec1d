package dev.plinto.polar.billing;

import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads a subscription with its seats, in one statement, so that all of it is of one moment.
@ApplicationScoped
class SeatQueries {

    /// The first row is the subscription's, if it is known. A seat whose status is not known yet is not told: it may be
    /// revoked.
    private static final String SEATS = """
            WITH known AS (
              SELECT id, account, seats FROM subscriptions WHERE id = $1 AND account IS NOT NULL
            ), taken AS (
              SELECT seats.id, status, member_id, external_id, coalesce(seats.email, members.email) AS email,
                     claimed_at, seats.created_at
              FROM known JOIN seats ON seats.subscription_id = known.id LEFT JOIN members ON members.id = member_id
              WHERE status <> 'revoked' AND revoked_at IS NULL
              ORDER BY seats.created_at, seats.id LIMIT $2
            )
            (SELECT account, seats, NULL AS seat_id, NULL AS status, NULL AS member_id, NULL AS user_id, NULL AS email,
                    NULL::timestamptz AS claimed_at, NULL::timestamptz AS created_at
             FROM known)
            UNION ALL
            (SELECT NULL, NULL, id, status, member_id, external_id, email, claimed_at, created_at FROM taken)
            ORDER BY created_at NULLS FIRST, seat_id NULLS FIRST
            """;
    /// Polar sells no more in one subscription.
    private static final int MOST = 10_000;

    private final RequestQueries database;

    SeatQueries(RequestQueries database) {
        this.database = database;
    }

    /// @param account the organization whose subscription it is
    record Found(String account, SeatList seats) {}

    private record Subscription(String account, @Nullable Long seats) {

        boolean isLinked() {
            return new Account(account).isLinked();
        }
    }

    /// Empty if there is no such subscription, and while it is not known which organization's it is.
    Uni<Optional<Found>> find(String subscriptionId) {
        return database.query(SEATS, Tuple.of(subscriptionId, MOST), SeatQueries::read)
                .map(rows -> of(rows, Subscription.class).findFirst().filter(Subscription::isLinked)
                        .map(subscription -> new Found(subscription.account,
                                list(subscription.seats, of(rows, SeatList.Seat.class).toList()))));
    }

    private static SeatList list(@Nullable Long total, List<SeatList.Seat> taken) {
        return new SeatList(taken, total, total == null ? null : Math.max(0, total - taken.size()));
    }

    private static <T extends Record> Stream<T> of(List<Record> rows, Class<T> kind) {
        return rows.stream().filter(kind::isInstance).map(kind::cast);
    }

    private static Record read(Row row) {
        String account = row.getString("account");
        return account == null
                ? new SeatList.Seat(row.getString("seat_id"), row.getString("status"), row.getString("member_id"),
                        row.getString("user_id"), row.getString("email"),
                        Timestamps.toText(row.getOffsetDateTime("claimed_at")))
                : new Subscription(account, row.getLong("seats"));
    }
}
