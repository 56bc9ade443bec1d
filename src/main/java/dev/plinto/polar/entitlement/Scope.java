package dev.plinto.polar.entitlement;

import java.util.Optional;

/// What a benefit is granted through, which decides the grant's account: a subscription or an order.
public sealed interface Scope permits Subscription, Order {

    Field<String> CUSTOMER_ID = Field.text("customer_id");
    /// Our organization, from the object's own metadata (Polar copies a checkout's metadata to what it sells).
    Field<String> ORGANIZATION_ID = Field.text("organization_id");

    Facts facts();

    /// Empty while only the object's id is known, from a grant that mentions it.
    default Optional<Id.Customer> customer() {
        return facts().find(CUSTOMER_ID).map(Id.Customer::new);
    }

    default Optional<Account> ownAccount() {
        return Account.ofOrganization(facts().get(ORGANIZATION_ID));
    }
}
