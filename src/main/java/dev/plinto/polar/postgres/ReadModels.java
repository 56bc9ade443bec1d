package dev.plinto.polar.postgres;

import dev.plinto.polar.Problem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Whether what calls read is complete: after an upgrade, the events that were kept must be read again, and Polar's
/// list must have been read once. Until then a call that needs it answers 503 `not-ready`, never too little.
///
/// What is complete stays so, and is not asked for again: an event that a replica of the release before applies later
/// is read again soon after, as if it had been projected late.
@ApplicationScoped
public class ReadModels {

    private static final int RETRY_AFTER_SECONDS = 10;

    private final RequestQueries requests;
    /// Replaced, never changed.
    private volatile Set<ReadModel> complete = Set.of();

    ReadModels(RequestQueries requests) {
        this.requests = requests;
    }

    /// Fails with the problem `not-ready`, which says what is missing.
    public Uni<Void> require(ReadModel... needed) {
        List<ReadModel> missing = Arrays.stream(needed).filter(model -> !complete.contains(model)).toList();
        return missing.isEmpty() ? Uni.createFrom().voidItem() : requireListed(missing);
    }

    private Uni<Void> requireListed(List<ReadModel> needed) {
        // The order lets PostgreSQL use the index, whatever it believes to know of the table.
        return requests.query("""
                SELECT EXISTS (SELECT FROM (SELECT FROM inbox WHERE statements IS NULL
                                            ORDER BY received_at, webhook_id LIMIT 1) AS kept),
                       ARRAY(SELECT kind FROM reconciliation_lists)
                """, Tuple.tuple(), row -> {
            if (row.getBoolean(0)) {
                throw notReady("This service was upgraded and reads the events again that it has kept. This ends by "
                        + "itself, and its log says how far it is. Try again after Retry-After.");
            }
            Set<String> kinds = Set.of(row.getArrayOfStrings(1));
            Set<ReadModel> read = Arrays.stream(ReadModel.values()).filter(model -> kinds.contains(model.kind()))
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(ReadModel.class)));
            complete = read;
            needed.stream().filter(model -> !read.contains(model)).findFirst().ifPresent(model -> {
                throw notReady("Polar's list of " + model.listed() + " has not been read yet. Reconciliation reads it, "
                        + "if POLAR_ACCESS_TOKEN is set and has the scope " + model.scope() + ". It runs regularly, "
                        + "and when an operator asks for it (POST /api/v1/polar/ops/reconcile). Try again after "
                        + "Retry-After.");
            });
            return read;
        }).replaceWithVoid();
    }

    private static WebApplicationException notReady(String detail) {
        Problem problem = new Problem("not-ready", 503, "What this call reads is not complete yet", detail);
        return new WebApplicationException(problem.title(),
                problem.responseBuilder().header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS).build());
    }
}
