package dev.plinto.polar.reconcile.endpoint;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.postgres.Timestamps;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the newest look at our endpoint found, for every replica to tell.
@ApplicationScoped
class InspectionStore {

    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final Pool pool;

    InspectionStore(Pool pool) {
        this.pool = pool;
    }

    /// @param enabled      whether our endpoint is on; empty where there is none
    /// @param failedEvents of Polar's ten; empty where there is no endpoint
    /// @param findings     what is to be done about it
    record Found(Optional<Boolean> enabled, Optional<Integer> failedEvents, Instant versionExpires,
            List<String> findings) {}

    /// @param found       empty before the first look, and where the last one was long ago
    /// @param succeededAt when the newest run that succeeded ended
    record Stored(Optional<Found> found, Optional<Instant> succeededAt) {}

    /// Where somebody has switched the endpoint on since the last look, a run is asked for.
    ///
    /// @return the findings that are new
    List<String> save(Found found) {
        List<String> before = stored(FOR_EVER).found().map(Found::findings).orElse(List.of());
        await(pool.preparedQuery("""
                UPDATE reconciliation SET inspected_at = clock_timestamp(), endpoint_enabled = $1, failed_events = $2,
                  version_expires = $3, findings = $4,
                  wanted_at = CASE WHEN $1 AND NOT endpoint_enabled THEN clock_timestamp() ELSE wanted_at END
                """).execute(Tuple.of(found.enabled.orElse(null), found.failedEvents.orElse(null),
                Timestamps.ofInstant(found.versionExpires), found.findings.toArray(String[]::new))));
        return found.findings.stream().filter(finding -> !before.contains(finding)).toList();
    }

    /// @param currency how old a look may be that still says something about now
    Stored stored(Duration currency) {
        Row row = await(pool.preparedQuery("""
                SELECT coalesce(inspected_at > clock_timestamp() - $1 * interval '1 s', false), endpoint_enabled,
                  failed_events, version_expires, findings, succeeded_at
                FROM reconciliation
                """).execute(Tuple.of(currency.toSeconds()))).iterator().next();
        Optional<Instant> succeededAt = Optional.ofNullable(Timestamps.toInstant(row.getOffsetDateTime(5)));
        Optional<Found> found = row.getBoolean(0)
                ? Optional.of(new Found(Optional.ofNullable(row.getBoolean(1)),
                        Optional.ofNullable(row.getInteger(2)), Timestamps.toInstant(row.getOffsetDateTime(3)),
                        List.of(row.getArrayOfStrings(4))))
                : Optional.empty();
        return new Stored(found, succeededAt);
    }
}
