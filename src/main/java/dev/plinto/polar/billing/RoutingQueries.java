package dev.plinto.polar.billing;

import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Provider;
import dev.plinto.polar.postgres.RequestQueries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads what binds an organization to a provider.
@ApplicationScoped
class RoutingQueries {

    private final RequestQueries queries;

    RoutingQueries(RequestQueries queries) {
        this.queries = queries;
    }

    /// @param override the provider that an operator has chosen
    /// @param live     the providers at which it has a live subscription
    record Bound(Optional<Provider> override, Set<Provider> live) {}

    /// An id tells its provider, by its prefix or by having none: one id of each prefix is enough.
    Uni<Bound> bound(String organization) {
        return queries.query("""
                SELECT (SELECT provider FROM provider_overrides WHERE organization = $1),
                       ARRAY(SELECT min(id) FROM live_subscriptions WHERE account = $1
                             GROUP BY substring(id FROM '^[a-z]+:'))
                """, Tuple.of(organization), RoutingQueries::bound).map(rows -> rows.getFirst());
    }

    private static Bound bound(Row row) {
        return new Bound(Optional.ofNullable(row.getString(0)).flatMap(Provider::named),
                Arrays.stream(row.getArrayOfStrings(1)).map(id -> Provider.of(new Id.Subscription(id)))
                        .collect(Collectors.toSet()));
    }
}
