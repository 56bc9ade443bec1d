package dev.plinto.polar.billing.routing;

import java.util.Locale;

/// Why a provider sells to an organization, or none does. The names are part of the API and of metrics.
public enum Reason {
    /// A country is known where nothing is sold.
    COUNTRY_NOT_SERVED,
    /// An operator has said which provider sells to this organization.
    OVERRIDE,
    /// An operator has, and the provider is off.
    OVERRIDE_OFF,
    /// The organization has a live subscription there.
    LIVE_SUBSCRIPTION,
    /// It buys in Mexico.
    COUNTRY_MX,
    /// It pays in pesos.
    CURRENCY_MXN,
    /// Conekta would sell, and is off: Polar does.
    CONEKTA_OFF,
    /// Conekta would sell, and has no plan and no price of the product: Polar does.
    PRODUCT_NOT_MAPPED,
    /// None of the other reasons: Polar sells everywhere but in Mexico, and where the country is unknown.
    INTERNATIONAL;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
