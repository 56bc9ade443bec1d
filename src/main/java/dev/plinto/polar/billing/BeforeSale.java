package dev.plinto.polar.billing;

import dev.plinto.polar.billing.Offers.Held;
import dev.plinto.polar.billing.Offers.Offer;
import dev.plinto.polar.billing.OrganizationCustomers.KnownCustomer;
import dev.plinto.polar.caller.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// What must be known before a sale: all of it is asked at once, since the buyer waits. Only for threads that may
/// block.
@ApplicationScoped
class BeforeSale {

    private final Countries countries;
    private final SalesRules rules;
    private final OrganizationCustomers customers;
    private final PendingErasures erasures;

    BeforeSale(Countries countries, SalesRules rules, OrganizationCustomers customers, PendingErasures erasures) {
        this.countries = countries;
        this.rules = rules;
        this.customers = customers;
        this.erasures = erasures;
    }

    private record Known(List<KnownCustomer> customers, List<Offer> offers, Optional<Held> held,
            boolean isBeingErased) {}

    /// Throws the problem for the response if the products may not be sold to the organization.
    ///
    /// @return the id of the organization's own customer, if one is known
    Optional<String> require(String organization, Caller caller, CheckoutRequest request) {
        Known known = Uni.combine().all().unis(
                customers.ask(organization),
                rules.offers(request.products()),
                rules.held(organization, request.products()),
                erasures.hasOne(organization))
                .with(Known::new).await().indefinitely();
        PendingErasures.requireNone(known.isBeingErased);
        countries.requireServed(Countries.known(request.country(), known.customers, caller));
        SalesRules.requireSold(request.products(), known.offers, caller);
        SalesRules.requireNotHeld(known.held);
        return known.customers.stream().findFirst().map(KnownCustomer::id);
    }
}
