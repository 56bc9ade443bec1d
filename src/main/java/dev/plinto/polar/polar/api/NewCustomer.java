package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.api.NewCheckout.BillingAddress;
import org.jspecify.annotations.Nullable;

/// A customer to be created. What is null is left to Polar, which allows each e-mail and each external id once.
///
/// @param type           `individual` or `team`
/// @param externalId     the organization
/// @param email          of the customer; a team needs none
/// @param billingAddress at least its country
public record NewCustomer(String type, String externalId, @Nullable String email, @Nullable String name,
        @Nullable BillingAddress billingAddress, @Nullable String locale, @Nullable Owner owner) {

    /// The first member of a team.
    ///
    /// @param externalId the user's id
    public record Owner(String email, @Nullable String name, @Nullable String externalId) {

        /// Without personal data.
        @Override
        public String toString() {
            return "Owner[externalId=" + externalId + "]";
        }
    }

    /// One customer for one organization, with members.
    public static NewCustomer team(String organization, @Nullable String name, Owner owner) {
        return new NewCustomer("team", organization, null, name, null, null, owner);
    }

    public static NewCustomer individual(String organization, String email, @Nullable String name,
            @Nullable String country, @Nullable String locale) {
        return new NewCustomer("individual", organization, email, name,
                country == null ? null : new BillingAddress(country), locale, null);
    }

    /// Without personal data.
    @Override
    public String toString() {
        return "NewCustomer[type=" + type + ", externalId=" + externalId + "]";
    }
}
