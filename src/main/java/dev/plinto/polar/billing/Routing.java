package dev.plinto.polar.billing;

import dev.plinto.polar.billing.RoutingQueries.Bound;
import dev.plinto.polar.billing.routing.Route;
import dev.plinto.polar.billing.routing.RoutingFacts;
import dev.plinto.polar.billing.routing.RoutingFacts.Conekta;
import dev.plinto.polar.billing.routing.RoutingRules;
import dev.plinto.polar.conekta.ConektaCatalogue;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Collects what is known of a sale, and lets [RoutingRules] decide who sells.
@ApplicationScoped
class Routing {

    private final Countries countries;
    private final ConektaCatalogue conekta;

    Routing(Countries countries, ConektaCatalogue conekta) {
        this.countries = countries;
        this.conekta = conekta;
    }

    /// @param known     all countries that are known, the one first that counts
    /// @param currency  of three small letters
    /// @param products  that are asked for; none where any may be bought
    Route route(Bound bound, List<KnownCountry> known, Optional<String> currency, Collection<String> products) {
        return RoutingRules.route(new RoutingFacts(countries.isServed(known), bound.override(), bound.live(),
                known.stream().map(KnownCountry::code).findFirst(), currency, conekta(products)));
    }

    private Conekta conekta(Collection<String> products) {
        if (!conekta.isOn()) {
            return Conekta.OFF;
        }
        return conekta.has(products) ? Conekta.SELLS : Conekta.LACKS_PRODUCT;
    }
}
