package dev.plinto.polar.access;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.Problem;
import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.postgres.BatchLoader;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.postgres.Timestamps;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// Reads the newest published message of each account and subscription, as the JSON that was published.
@ApplicationScoped
class AccessQueries {

    /// For one query; a read that arrives while another query is running waits for both.
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Pool pool;
    private final RequestQueries requests;
    private final BatchLoader<String> sets = new BatchLoader<>(accounts -> byAccount("""
            SELECT account, published::text FROM accounts WHERE account = ANY($1) AND published IS NOT NULL
            """, accounts));
    private final BatchLoader<String> subscriptions = new BatchLoader<>(accounts -> byAccount("""
            SELECT account, published::text FROM subscriptions WHERE account = ANY($1) AND published IS NOT NULL
            ORDER BY id
            """, accounts));

    AccessQueries(Pool pool, RequestQueries requests) {
        this.pool = pool;
        this.requests = requests;
    }

    Uni<String> entitlements(String account) {
        return sets.load(account)
                .onFailure(DatabaseAway::isCauseOf).transform(failure -> Problem.databaseUnavailable())
                .map(set -> set.orElseGet(() -> unknownAccount(account)));
    }

    Uni<String> subscriptions(String account) {
        return subscriptions.load(account)
                .onFailure(DatabaseAway::isCauseOf).transform(failure -> Problem.databaseUnavailable())
                .map(items -> "{\"items\":[" + items.orElse("") + "]}");
    }

    /// In the order of Java's texts, as messages list grants, whatever the database's collation.
    ///
    /// @param after the last grant of the page before; empty for the first page
    Uni<GrantPage> grants(String account, String benefitId, String after, int limit) {
        return requests.query("""
                SELECT id, customer_id, subscription_id, order_id, member_id, granted_at FROM grants
                WHERE account = $1 AND benefit_id = $2 AND id COLLATE "C" > $3 ORDER BY id COLLATE "C" LIMIT $4
                """, Tuple.of(account, benefitId, after, limit + 1),
                row -> new Explanation.Grant(row.getString(0), row.getString(1), row.getString(2), row.getString(3),
                        row.getString(4), Timestamps.toText(row.getOffsetDateTime(5))))
                .map(found -> GrantPage.of(found, limit));
    }

    private Uni<Map<String, String>> byAccount(String sql, Set<String> accounts) {
        return Statements.execute(pool, sql, Tuple.of(accounts.toArray(String[]::new)))
                .ifNoItem().after(LIMIT).fail()
                .onFailure(DatabaseAway::isCauseOf).invoke(failure -> Log.warnf(
                        "Answered reads with 503, because their query failed: %s", DatabaseAway.describe(failure)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false).collect(
                        Collectors.groupingBy(row -> row.getString(0),
                                Collectors.mapping(row -> row.getString(1), Collectors.joining(",")))));
    }

    static String unknownAccount(String account) {
        ObjectNode json = JSON.createObjectNode();
        json.put("account", account).put("organization_id", new Account(account).organizationId()).put("version", 0);
        json.putArray("entitlements");
        json.putArray("granted");
        json.putArray("revoked");
        return json.putNull("cause").toString();
    }
}
