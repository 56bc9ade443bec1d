package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// How reconciliation stands, as any replica can tell.
@ApplicationScoped
public class ReconciliationQueries {

    private static final int RUNS = 50;

    private final RequestQueries database;

    ReconciliationQueries(RequestQueries database) {
        this.database = database;
    }

    /// Times are null where it never happened.
    ///
    /// @param step            what the run under way does; null where none is
    /// @param page            of the list that the step reads
    /// @param waits           whether a run is asked for that has not begun
    /// @param endpointEnabled null where no endpoint is known to be ours
    /// @param failedEvents    of Polar's ten; null as well
    /// @param findings        what is to be done about the endpoint
    /// @param runs            newest first
    @JsonNaming(SnakeCaseStrategy.class)
    public record Status(String succeededAt, String startedAt, String step, Integer page, boolean waits,
            String inspectedAt,
            Boolean endpointEnabled, Integer failedEvents, String versionExpires, List<String> findings,
            List<Run> runs) {

        public Status {
            findings = List.copyOf(findings);
            runs = List.copyOf(runs);
        }
    }

    /// @param endedAt null while it goes on, and where another one began meanwhile
    /// @param outcome `succeeded` or `given_up`; null as well
    /// @param repairs events that reconciliation let in and that changed something, until the next run began
    @JsonNaming(SnakeCaseStrategy.class)
    record Run(String startedAt, String endedAt, String outcome, long repairs) {}

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
