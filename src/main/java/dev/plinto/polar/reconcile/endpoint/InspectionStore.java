package dev.plinto.polar.reconcile.endpoint;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.postgres.Timestamps;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The result of the newest inspection of our endpoint, shared by all replicas.
@ApplicationScoped
class InspectionStore {

    private static final Duration ANY_AGE = Duration.ofDays(36_500);

    private final Pool pool;

    InspectionStore(Pool pool) {
        this.pool = pool;
    }

    /// @param enabled      whether our endpoint is on; empty if there is none
    /// @param failedEvents how many newest events failed in a row, at most ten; empty if there is no endpoint
    /// @param findings     its problems, each with what to do
    record Result(Optional<Boolean> enabled, Optional<Integer> failedEvents, Instant versionExpires,
            List<String> findings) {}

    /// @param result      empty before the first inspection, and if the last one is outdated
    /// @param succeededAt when the newest successful run ended
    record State(Optional<Result> result, Optional<Instant> succeededAt) {}

    /// Also requests a run if the endpoint was switched on since the last inspection.
    ///
    /// @return the new findings
    List<String> save(Result result) {
        List<String> before = load(ANY_AGE).result().map(Result::findings).orElse(List.of());
        await(Statements.execute(pool, """
                UPDATE reconciliation SET inspected_at = clock_timestamp(), endpoint_enabled = $1, failed_events = $2,
                  version_expires = $3, findings = $4,
                  wanted_at = CASE WHEN $1 AND NOT endpoint_enabled THEN clock_timestamp() ELSE wanted_at END
                """, Tuple.of(result.enabled.orElse(null), result.failedEvents.orElse(null),
                Timestamps.ofInstant(result.versionExpires), result.findings.toArray(String[]::new))));
        return result.findings.stream().filter(finding -> !before.contains(finding)).toList();
    }

    /// @param maxAge age at which an inspection is outdated
    State load(Duration maxAge) {
        Row row = await(Statements.execute(pool, """
                SELECT coalesce(inspected_at > clock_timestamp() - $1 * interval '1 s', false), endpoint_enabled,
                  failed_events, version_expires, findings, succeeded_at
                FROM reconciliation
                """, Tuple.of(maxAge.toSeconds()))).iterator().next();
        Optional<Instant> succeededAt = Optional.ofNullable(Timestamps.toInstant(row.getOffsetDateTime(5)));
        Optional<Result> result = row.getBoolean(0)
                ? Optional.of(new Result(Optional.ofNullable(row.getBoolean(1)),
                        Optional.ofNullable(row.getInteger(2)), row.getOffsetDateTime(3).toInstant(),
                        List.of(row.getArrayOfStrings(4))))
                : Optional.empty();
        return new State(result, succeededAt);
    }
}
