package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.StoredJson;
import dev.plinto.polar.postgres.Timestamps;
import dev.plinto.polar.projection.census.CensusStore;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lists customers at Polar who pay and are linked to no organization, so that nobody may use what they bought.
@ApplicationScoped
public class UnlinkedCustomers {

    private static final String PREFIX = "customer:";
    private static final int LONGEST_ACCOUNT = 600;

    private final RequestQueries database;

    UnlinkedCustomers(RequestQueries database) {
        this.database = database;
    }

    /// @param account       `customer:` and the customer's id at Polar
    /// @param grantCount    of live grants, counted up to 100
    /// @param oldestGrantAt when Polar granted the oldest of these; null if there is none
    /// @param subscriptions that began and have not ended, at most ten
    @JsonNaming(SnakeCaseStrategy.class)
    public record UnlinkedCustomer(String account, String customerId, long grantCount, @Nullable String oldestGrantAt,
            List<Subscription> subscriptions) {

        public UnlinkedCustomer {
            subscriptions = List.copyOf(subscriptions);
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Subscription(String subscriptionId, @Nullable String status, @Nullable String productName) {}

    /// @param next the cursor of the next page; null on the last one
    public record Page(List<UnlinkedCustomer> items, @Nullable String next) {

        public Page {
            items = List.copyOf(items);
        }
    }

    /// By account. Throws 400 `parameter-invalid` if `after` is not a cursor.
    ///
    /// @param after the cursor of the page before; null for the first page
    public Uni<Page> list(@Nullable String after, int limit) {
        return database.query("""
                SELECT unlinked.account, grant_count, oldest, subscriptions::text
                FROM (SELECT account FROM (%s) AS one WHERE account > $1 ORDER BY account LIMIT $2) AS unlinked
                CROSS JOIN LATERAL (
                  SELECT count(*) AS grant_count, min(granted_at) AS oldest
                  FROM (SELECT granted_at FROM grants WHERE account = unlinked.account LIMIT 100) AS few) AS granted
                CROSS JOIN LATERAL (
                  SELECT coalesce(json_agg(few), '[]') AS subscriptions FROM (
                    SELECT id, status, product_name FROM subscriptions
                    WHERE account = unlinked.account AND ended_at IS NULL AND status NOT IN (%s) LIMIT 10
                  ) AS few) AS subscribed
                ORDER BY unlinked.account
                """.formatted(CensusStore.UNLINKED, CensusStore.NOT_BEGUN_OR_ENDED),
                Tuple.of(cursor(after), limit + 1), UnlinkedCustomers::customer)
                .map(found -> found.size() <= limit
                        ? new Page(found, null)
                        : new Page(found.subList(0, limit), found.get(limit - 1).account));
    }

    private static String cursor(@Nullable String after) {
        if (after == null || after.isEmpty()) {
            return "";
        }
        if (!after.startsWith(PREFIX) || after.length() > LONGEST_ACCOUNT
                || after.chars().anyMatch(Character::isISOControl)) {
            throw Problem.cursorInvalid();
        }
        return after;
    }

    private static UnlinkedCustomer customer(Row row) {
        String account = row.getString(0);
        return new UnlinkedCustomer(account, account.substring(PREFIX.length()), row.getLong(1),
                Timestamps.toText(row.getOffsetDateTime(2)),
                StoredJson.read(row.getString(3)).valueStream().map(UnlinkedCustomers::subscription).toList());
    }

    private static Subscription subscription(JsonNode json) {
        return new Subscription(json.get("id").textValue(), json.path("status").textValue(),
                json.path("product_name").textValue());
    }
}
