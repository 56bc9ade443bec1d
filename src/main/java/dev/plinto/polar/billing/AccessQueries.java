package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.Problem;
import dev.plinto.polar.entitlement.Account;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// Reads what the projection last published, as the JSON that it was published as.
@ApplicationScoped
class AccessQueries {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Pool pool;

    AccessQueries(Pool pool) {
        this.pool = pool;
    }

    Uni<String> entitlements(String account) {
        return select("SELECT published::text FROM accounts WHERE account = $1 AND published IS NOT NULL", account)
                .map(rows -> rows.size() == 0 ? neverSeen(account) : rows.iterator().next().getString(0));
    }

    Uni<String> subscriptions(String account) {
        return select("""
                SELECT published::text FROM subscriptions WHERE account = $1 AND published IS NOT NULL ORDER BY id
                """, account)
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getString(0))
                        .collect(Collectors.joining(",", "{\"items\":[", "]}")));
    }

    private Uni<RowSet<Row>> select(String sql, String account) {
        return pool.preparedQuery(sql).execute(Tuple.of(account))
                .ifNoItem().after(PATIENCE).fail()
                .onFailure().transform(failure -> {
                    Log.warnf("A read is answered 503, the database does not answer: %s", failure.toString());
                    return Problem.databaseUnavailable();
                });
    }

    private static String neverSeen(String account) {
        ObjectNode json = JSON.createObjectNode();
        json.put("account", account).put("organization_id", new Account(account).organizationId()).put("version", 0);
        json.putArray("entitlements");
        json.putArray("granted");
        json.putArray("revoked");
        return json.putNull("cause").toString();
    }
}
