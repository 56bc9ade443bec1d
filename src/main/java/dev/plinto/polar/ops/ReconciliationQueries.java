package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The state of reconciliation, which any replica can read from the database.
@ApplicationScoped
public class ReconciliationQueries {

    private static final int RUNS = 50;

    private final RequestQueries database;

    ReconciliationQueries(RequestQueries database) {
        this.database = database;
    }

    /// Times are null for what has not happened yet.
    ///
    /// @param succeededAt     when a run last succeeded
    /// @param step            of the current run; null while there is none
    /// @param page            of the list that the step reads
    /// @param waits           whether a run is requested and has not started
    /// @param endpointEnabled null if no endpoint at Polar is known to be ours
    /// @param failedEvents    newest events that failed in a row, at most 10; null if no endpoint is known to be ours
    /// @param findings        what is wrong with the endpoint, and what to do
    /// @param runs            newest first
    @JsonNaming(SnakeCaseStrategy.class)
    public record Status(@Nullable String succeededAt, @Nullable String startedAt, @Nullable String step,
            @Nullable Integer page, boolean waits, @Nullable String inspectedAt, @Nullable Boolean endpointEnabled,
            @Nullable Integer failedEvents, @Nullable String versionExpires, List<String> findings, List<Run> runs) {

        public Status {
            findings = List.copyOf(findings);
            runs = List.copyOf(runs);
        }
    }

    /// @param endedAt null while the run goes on, and if it was interrupted
    /// @param outcome `succeeded` or `given_up`; null if `endedAt` is null
    /// @param repairs events of reconciliation that changed something before the next run started
    @JsonNaming(SnakeCaseStrategy.class)
    public record Run(String startedAt, @Nullable String endedAt, @Nullable String outcome, long repairs) {}

    public Uni<Status> status() {
        return runs().flatMap(runs -> database.query("""
                SELECT succeeded_at, started_at, step, page,
                       wanted_at IS NOT NULL AND (started_at IS NULL OR started_at < wanted_at), inspected_at,
                       endpoint_enabled, failed_events, version_expires, findings
                FROM reconciliation
                """, Tuple.tuple(),
                row -> new Status(Timestamps.toText(row.getOffsetDateTime(0)),
                        Timestamps.toText(row.getOffsetDateTime(1)), row.getString(2), row.getInteger(3),
                        row.getBoolean(4), Timestamps.toText(row.getOffsetDateTime(5)), row.getBoolean(6),
                        row.getInteger(7), Timestamps.toText(row.getOffsetDateTime(8)),
                        List.of(row.getArrayOfStrings(9)), runs))
                .map(List::getFirst));
    }

    private Uni<List<Run>> runs() {
        return database.query("""
                SELECT started_at, ended_at, outcome, (
                  SELECT count(*) FROM inbox WHERE origin = 'reconcile' AND outcome = 'applied'
                    AND projected_at >= started_at AND projected_at < next_at)
                FROM (
                  SELECT *, coalesce(lag(started_at) OVER (ORDER BY started_at DESC), 'infinity') AS next_at
                  FROM reconciliation_runs ORDER BY started_at DESC LIMIT $1
                ) AS runs ORDER BY started_at DESC
                """, Tuple.of(RUNS), row -> new Run(Timestamps.toText(row.getOffsetDateTime(0)),
                Timestamps.toText(row.getOffsetDateTime(1)), row.getString(2), row.getLong(3)));
    }
}
