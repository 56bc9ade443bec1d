package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.postgres.RequestQueries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;

/// Whether what is held on an organization is being erased: what it bought meanwhile would go with it, here and at the
/// provider.
@ApplicationScoped
class PendingErasures {

    private static final Problem PENDING = new Problem("erasure-in-progress", 409,
            "The organization's data is being erased",
            "Nothing was done. Once the erasure is complete, the organization can buy again as any other one.");

    private final RequestQueries queries;

    PendingErasures(RequestQueries queries) {
        this.queries = queries;
    }

    Uni<Boolean> hasOne(String organization) {
        return queries.query("""
                SELECT EXISTS (SELECT FROM erasures WHERE organization = $1 AND completed_at IS NULL)
                """, Tuple.of(organization), row -> row.getBoolean(0)).map(rows -> rows.getFirst());
    }

    /// Throws the problem for the response if there is one.
    static void requireNone(boolean hasOne) {
        if (hasOne) {
            throw PENDING.exception();
        }
    }
}
