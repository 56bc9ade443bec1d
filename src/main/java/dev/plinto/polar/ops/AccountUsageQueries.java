package dev.plinto.polar.ops;

import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// Counts the usage of an account that Polar has not taken.
@ApplicationScoped
class AccountUsageQueries {

    private static final String COUNT = """
            SELECT (SELECT count(*) FROM (SELECT FROM usage_events
                    WHERE state = 'pending' AND organization = $1 LIMIT $2) AS pending),
                   (SELECT count(*) FROM (SELECT FROM usage_events
                    WHERE state = 'not_billable' AND organization = $1 LIMIT $2) AS not_billable),
                   (SELECT count(*) FROM (SELECT FROM usage_events
                    WHERE state = 'parked' AND organization = $1 LIMIT $2) AS parked),
                   (SELECT due_at FROM usage_events
                    WHERE state = 'pending' AND organization = $1 AND due_at <= clock_timestamp()
                    ORDER BY due_at, id LIMIT 1),
                   (SELECT max(sent_at) FROM usage_sent WHERE organization = $1)
            """;

    private final RequestQueries database;

    AccountUsageQueries(RequestQueries database) {
        this.database = database;
    }

    Uni<AccountUsage> find(String account) {
        return database.query(COUNT, Tuple.of(account, AccountUsage.MOST),
                row -> new AccountUsage(row.getLong(0), row.getLong(1), row.getLong(2),
                        Timestamps.toText(row.getOffsetDateTime(3)), Timestamps.toText(row.getOffsetDateTime(4))))
                .map(List::getFirst);
    }
}
