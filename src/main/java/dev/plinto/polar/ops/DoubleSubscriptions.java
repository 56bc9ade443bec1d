package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import dev.plinto.polar.projection.census.CensusStore;
import dev.plinto.polar.telemetry.MaskedAddress;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Lists organizations with several live subscriptions of one group of products, so that they pay twice.
@ApplicationScoped
public class DoubleSubscriptions {

    private static final int LONGEST = 6_000;

    private final RequestQueries database;

    DoubleSubscriptions(RequestQueries database) {
        this.database = database;
    }

    /// @param next the cursor of the next page; null on the last one
    public record Page(List<PaidTwice> items, @Nullable String next) {

        public Page {
            items = List.copyOf(items);
        }
    }

    private record Found(Cursor at, PaidTwice.Subscription subscription) {}

    /// By organization and group. Throws 400 `parameter-invalid` if `after` is not a cursor.
    ///
    /// @param after the cursor of the page before; null for the first page
    public Uni<Page> list(@Nullable String after, int limit) {
        Cursor cursor = after == null || after.isEmpty() ? Cursor.BEFORE_ALL : Cursor.decode(after);
        return database.query("""
                SELECT found.account, found.product_group, held.id, held.customer_id, held.status, held.product_id,
                       held.product_name, held.amount, held.currency, held.recurring_interval,
                       coalesce(held.cancel_at_period_end, false), held.current_period_end, held.since,
                       paid.id, paid.created_at, paid.total_amount, coalesce(paid.refunded_amount, 0), paid.currency
                FROM (SELECT account, product_group FROM (%s) AS one WHERE (account, product_group) > ($1, $2)
                      ORDER BY account, product_group LIMIT $3) AS found
                CROSS JOIN LATERAL (
                  SELECT subscriptions.*, (SELECT min(created_at) FROM orders
                    WHERE customer_id = subscriptions.customer_id AND subscription_id = subscriptions.id) AS since
                  FROM live_subscriptions AS live JOIN subscriptions ON subscriptions.id = live.id
                  WHERE live.account = found.account AND live.product_group = found.product_group
                  ORDER BY since, subscriptions.id LIMIT 10) AS held
                LEFT JOIN LATERAL (
                  SELECT * FROM orders
                  WHERE customer_id = held.customer_id AND subscription_id = held.id
                    AND status IN ('paid', 'partially_refunded') AND total_amount > 0
                  ORDER BY created_at DESC LIMIT 1) AS paid ON true
                ORDER BY found.account, found.product_group, held.since, held.id
                """.formatted(CensusStore.DOUBLE), Tuple.of(cursor.account, cursor.group, limit + 1),
                DoubleSubscriptions::found).map(found -> page(found, limit));
    }

    private static Page page(List<Found> found, int limit) {
        SequencedMap<Cursor, List<PaidTwice.Subscription>> byGroup = found.stream().collect(Collectors.groupingBy(
                Found::at, LinkedHashMap::new, Collectors.mapping(Found::subscription, Collectors.toList())));
        List<Map.Entry<Cursor, List<PaidTwice.Subscription>>> items = byGroup.entrySet().stream().limit(limit).toList();
        return new Page(
                items.stream().map(item -> new PaidTwice(MaskedAddress.of(item.getKey().account),
                        item.getKey().group, item.getValue())).toList(),
                byGroup.size() > limit ? items.getLast().getKey().encode() : null);
    }

    private static Found found(Row row) {
        PaidTwice.Order order = row.getString(13) == null
                ? null
                : new PaidTwice.Order(row.getString(13), Timestamps.toText(row.getOffsetDateTime(14)),
                        row.getLong(15), row.getLong(16), row.getString(17));
        return new Found(new Cursor(row.getString(0), row.getString(1)),
                new PaidTwice.Subscription(row.getString(2), row.getString(3), row.getString(4), row.getString(5),
                        row.getString(6), row.getLong(7), row.getString(8), row.getString(9), row.getBoolean(10),
                        Timestamps.toText(row.getOffsetDateTime(11)), Timestamps.toText(row.getOffsetDateTime(12)),
                        order));
    }

    /// The last one that was listed.
    private record Cursor(String account, String group) {

        static final Cursor BEFORE_ALL = new Cursor("", "");

        String encode() {
            return encoded(account) + "." + encoded(group);
        }

        static Cursor decode(String cursor) {
            String[] parts = cursor.split("\\.", -1);
            if (parts.length != 2 || cursor.length() > LONGEST) {
                throw Problem.cursorInvalid();
            }
            return new Cursor(decoded(parts[0]), decoded(parts[1]));
        }

        private static String encoded(String text) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        private static String decoded(String part) {
            try {
                String text = new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
                if (text.indexOf('\0') < 0) {
                    return text;
                }
            } catch (IllegalArgumentException notBase64) {
                // thrown below
            }
            throw Problem.cursorInvalid();
        }
    }
}
