package dev.plinto.polar.billing.routing;

import dev.plinto.polar.billing.routing.RoutingFacts.Conekta;
import dev.plinto.polar.entitlement.Provider;
import java.util.Optional;

/// Who sells. The first rule that applies decides: nobody where nothing is sold; whom an operator has chosen; where the
/// organization has a live subscription; Conekta in Mexico and in pesos; else Polar. What Conekta cannot sell, Polar
/// sells, unless an operator has chosen Conekta and it is off.
public final class RoutingRules {

    private static final String MEXICO = "MX";
    private static final String PESOS = "mxn";

    public static Route route(RoutingFacts facts) {
        if (!facts.isServed()) {
            return new Route.NotServed();
        }
        if (facts.override().isPresent()) {
            return override(facts.override().get(), facts);
        }
        if (onlyLive(facts).isPresent()) {
            return sale(onlyLive(facts).get(), Reason.LIVE_SUBSCRIPTION, facts);
        }
        if (facts.country().filter(MEXICO::equals).isPresent()) {
            return sale(Provider.CONEKTA, Reason.COUNTRY_MX, facts);
        }
        if (facts.currency().filter(PESOS::equals).isPresent()) {
            return sale(Provider.CONEKTA, Reason.CURRENCY_MXN, facts);
        }
        return new Route.Sale(Provider.POLAR, Reason.INTERNATIONAL);
    }

    private static Route override(Provider chosen, RoutingFacts facts) {
        return isOn(chosen, facts) ? sale(chosen, Reason.OVERRIDE, facts) : new Route.ProviderOff(chosen);
    }

    private static boolean isOn(Provider provider, RoutingFacts facts) {
        return switch (provider) {
            case POLAR -> true;
            case CONEKTA -> facts.conekta() != Conekta.OFF;
            case FUNGIES -> false;
        };
    }

    /// Where it has all of its live subscriptions. Several providers decide nothing, and neither does one that sells no
    /// more.
    private static Optional<Provider> onlyLive(RoutingFacts facts) {
        return facts.live().size() == 1
                ? facts.live().stream().filter(provider -> provider != Provider.FUNGIES).findFirst()
                : Optional.empty();
    }

    private static Route sale(Provider wanted, Reason reason, RoutingFacts facts) {
        return switch (wanted) {
            case POLAR -> new Route.Sale(Provider.POLAR, reason);
            case CONEKTA -> switch (facts.conekta()) {
                case SELLS -> new Route.Sale(Provider.CONEKTA, reason);
                case OFF -> new Route.Sale(Provider.POLAR, Reason.CONEKTA_OFF);
                case LACKS_PRODUCT -> new Route.Sale(Provider.POLAR, Reason.PRODUCT_NOT_MAPPED);
            };
            case FUNGIES -> throw new IllegalArgumentException("Fungies sells nothing");
        };
    }

    private RoutingRules() {}
}
