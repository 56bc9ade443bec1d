package dev.plinto.polar.billing;

import dev.plinto.polar.polar.api.NewCheckout.BillingAddress;
import dev.plinto.polar.polar.api.NewCustomer;
import dev.plinto.polar.polar.api.NewCustomer.Owner;
import dev.plinto.polar.polar.api.Purpose.ForOrganization;
import org.jspecify.annotations.Nullable;

/// A customer that an organization is to have at Polar.
///
/// @param email  of the person who will own it
/// @param user   that person, as our applications know them; null if nobody says so
record WantedCustomer(String organization, String email, Proof proof, @Nullable String name, @Nullable String country,
        @Nullable String locale, @Nullable String user) {

    /// Whose the address is.
    enum Proof {
        /// The person's own: their token says that it is verified, or a service does.
        VERIFIED,
        /// A service names it, and says no more of it.
        OF_SERVICE,
        /// It may be a stranger's.
        NONE
    }

    ForOrganization purpose() {
        return new ForOrganization(organization);
    }

    NewCustomer as(BillingConfig.CustomerType type) {
        return switch (type) {
            case TEAM -> new NewCustomer("team", organization, null, null,
                    country == null ? null : new BillingAddress(country), locale, new Owner(email, name, user));
            case INDIVIDUAL -> NewCustomer.individual(organization, email, name, country, locale);
        };
    }

    /// Without who it is.
    @Override
    public String toString() {
        return "WantedCustomer[organization=" + organization + ", proof=" + proof + "]";
    }
}
