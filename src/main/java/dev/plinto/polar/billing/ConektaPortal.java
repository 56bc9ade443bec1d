package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.conekta.ConektaConfig;
import dev.plinto.polar.conekta.ConektaDialect;
import dev.plinto.polar.conekta.api.ConektaForOrganizations;
import dev.plinto.polar.postgres.RequestQueries;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Conekta's portal, which is that of one subscription. Only for threads that may block.
@ApplicationScoped
class ConektaPortal {

    private static final Problem NO_SUBSCRIPTION = SubscriptionProblems.notSupported(
            "Conekta has a portal for subscriptions only, and the organization has bought but single products there. "
                    + "GET /api/v1/polar/orders lists them.");

    /// The newest of the subscriptions that are live, else of all. Whose customer is at Polar too goes there, unless
    /// it is only Conekta's that is live.
    private static final String PLACE = """
            WITH bought AS (
              SELECT subscriptions.id, starts_with(subscriptions.id, 'conekta:') AS is_conekta, current_period_start,
                     live_subscriptions.id IS NOT NULL AS is_live
              FROM subscriptions LEFT JOIN live_subscriptions USING (id)
              WHERE subscriptions.account = $1 AND subscriptions.published IS NOT NULL
            ), customer AS (
              SELECT starts_with(id, 'conekta:') AS is_conekta
              FROM customers WHERE external_id = $1 AND deleted_at IS NULL
            )
            SELECT EXISTS (SELECT FROM customer WHERE is_conekta)
                   OR EXISTS (SELECT FROM bought WHERE is_conekta) AS has_bought,
                   EXISTS (SELECT FROM customer WHERE NOT is_conekta)
                   OR EXISTS (SELECT FROM bought WHERE NOT is_conekta) AS is_at_polar,
                   EXISTS (SELECT FROM bought WHERE is_conekta AND is_live)
                   AND NOT EXISTS (SELECT FROM bought WHERE NOT is_conekta AND is_live) AS is_live_here_only,
                   (SELECT id FROM bought WHERE is_conekta
                    ORDER BY is_live DESC, current_period_start DESC NULLS LAST, id DESC LIMIT 1) AS subscription
            """;

    private final ConektaForOrganizations conekta;
    private final ConektaConfig config;
    private final RequestQueries queries;

    ConektaPortal(ConektaForOrganizations conekta, ConektaConfig config, RequestQueries queries) {
        this.conekta = conekta;
        this.config = config;
        this.queries = queries;
    }

    private record Place(boolean isHere, @Nullable String subscription) {}

    /// Empty if the organization's portal is Polar's. Throws 422 `not-supported`, or the problem for the response if
    /// Conekta does not answer, or refuses.
    Optional<URI> open(String organization) {
        Place place = queries.query(PLACE, Tuple.of(organization), row -> new Place(row.getBoolean("has_bought")
                && (!row.getBoolean("is_at_polar") || row.getBoolean("is_live_here_only")),
                row.getString("subscription"))).await().indefinitely().getFirst();
        if (!place.isHere) {
            return Optional.empty();
        }
        if (place.subscription == null) {
            throw NO_SUBSCRIPTION.exception();
        }
        ConektaProblem.requireOn(config);
        String id = ConektaDialect.ownId(place.subscription);
        ProviderCall<URI> call = () -> conekta.portal(organization, id);
        return Optional.of(call.orProblem());
    }
}
