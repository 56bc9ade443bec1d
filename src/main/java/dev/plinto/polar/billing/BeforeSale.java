package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.billing.Offers.Held;
import dev.plinto.polar.billing.Offers.Offer;
import dev.plinto.polar.billing.OrganizationCustomers.KnownCustomer;
import dev.plinto.polar.billing.RoutingQueries.Bound;
import dev.plinto.polar.billing.routing.Route;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.entitlement.Provider;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// What must be known before a sale: all of it is asked at once, since the buyer waits. Only for threads that may
/// block.
@ApplicationScoped
class BeforeSale {

    private static final Problem PROVIDER_OFF = new Problem("provider-not-configured", 503,
            "The provider that is to sell is off",
            "Nothing was done. An operator has chosen a provider for this organization that is not set up: they must "
                    + "set it up, or take the override back (PUT /api/v1/polar/ops/rollout).");

    private final SalesRules rules;
    private final OrganizationCustomers customers;
    private final PendingErasures erasures;
    private final RoutingQueries bound;
    private final Routing routing;
    private final RoutingMetrics metrics;

    BeforeSale(SalesRules rules, OrganizationCustomers customers, PendingErasures erasures, RoutingQueries bound,
            Routing routing, RoutingMetrics metrics) {
        this.rules = rules;
        this.customers = customers;
        this.erasures = erasures;
        this.bound = bound;
        this.routing = routing;
        this.metrics = metrics;
    }

    /// What may be sold.
    ///
    /// @param seller   who is to sell it
    /// @param customer the organization's own at Polar, if one is known
    record Allowed(Provider seller, Optional<String> customer) {}

    private record Known(List<KnownCustomer> customers, List<Offer> offers, Optional<Held> held,
            boolean isBeingErased, Bound bound) {}

    /// Throws the problem for the response if the products may not be sold to the organization.
    Allowed require(String organization, Caller caller, CheckoutRequest request) {
        Known known = Uni.combine().all().unis(
                customers.ask(organization),
                rules.offers(request.products()),
                rules.held(organization, request.products()),
                erasures.hasOne(organization),
                bound.bound(organization))
                .with(Known::new).await().indefinitely();
        PendingErasures.requireNone(known.isBeingErased);
        Route route = routing.route(known.bound, Countries.known(request.country(), known.customers, caller),
                request.currency(), request.products());
        metrics.routed(route);
        Provider seller = seller(route);
        SalesRules.requireSold(request.products(), known.offers, caller);
        SalesRules.requireNotHeld(known.held);
        return new Allowed(seller, known.customers.stream().findFirst().map(KnownCustomer::id));
    }

    private static Provider seller(Route route) {
        return switch (route) {
            case Route.Sale sale -> sale.provider();
            case Route.NotServed notServed -> throw Countries.NOT_SERVED.exception();
            case Route.ProviderOff off -> throw PROVIDER_OFF.exception();
        };
    }
}
