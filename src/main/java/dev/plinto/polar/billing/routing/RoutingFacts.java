package dev.plinto.polar.billing.routing;

import dev.plinto.polar.entitlement.Provider;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// What is known of a sale before it is decided who sells.
///
/// @param isServed whether no country is known where nothing is sold
/// @param override the provider that an operator has chosen for the organization
/// @param live     the providers at which the organization has a live subscription
/// @param country  where the organization buys: two capital letters (ISO 3166); empty if nobody has said it
/// @param currency in which it pays: three small letters (ISO 4217); empty if nobody has said it
/// @param conekta  whether Conekta can sell what is asked for
public record RoutingFacts(boolean isServed, Optional<Provider> override, Set<Provider> live, Optional<String> country,
        Optional<String> currency, Conekta conekta) {

    /// Whether Conekta can sell.
    public enum Conekta {
        /// It has no key.
        OFF,
        /// It has no plan and no price of a product.
        LACKS_PRODUCT, SELLS
    }

    public RoutingFacts {
        Objects.requireNonNull(override, "override");
        live = Set.copyOf(live);
        Objects.requireNonNull(country, "country");
        Objects.requireNonNull(currency, "currency");
        Objects.requireNonNull(conekta, "conekta");
    }

    /// Without the country, which is a part of somebody's address.
    @Override
    public String toString() {
        return "RoutingFacts[isServed=" + isServed + ", override=" + override + ", live=" + live + ", conekta="
                + conekta + "]";
    }
}
