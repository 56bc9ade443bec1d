package dev.plinto.polar.billing.routing;

import dev.plinto.polar.entitlement.Provider;
import java.util.Objects;

/// The answer to the question who sells.
public sealed interface Route {

    Reason reason();

    /// The provider sells.
    record Sale(Provider provider, Reason reason) implements Route {

        public Sale {
            Objects.requireNonNull(provider, "provider");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /// Nobody sells, since a country is known where nothing is sold.
    record NotServed() implements Route {

        @Override
        public Reason reason() {
            return Reason.COUNTRY_NOT_SERVED;
        }
    }

    /// Nobody sells: an operator has chosen a provider that is off. To sell at another one would be against their word.
    ///
    /// @param provider the chosen one
    record ProviderOff(Provider provider) implements Route {

        public ProviderOff {
            Objects.requireNonNull(provider, "provider");
        }

        @Override
        public Reason reason() {
            return Reason.OVERRIDE_OFF;
        }
    }
}
