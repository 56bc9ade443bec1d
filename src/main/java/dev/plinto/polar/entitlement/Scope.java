package dev.plinto.polar.entitlement;

import java.util.Optional;

/// What a benefit is granted through, which decides the grant's account: a subscription or an order.
public sealed interface Scope permits Subscription, Order {

    Field<String> CUSTOMER_ID = Field.text("customer_id");
    /// Our organization, from the object's own metadata (Polar copies a checkout's metadata to what it sells).
    Field<String> ORGANIZATION_ID = Field.text("organization_id");

    /// The id of one of Polar's products. Of another provider's plan it is the one that the plan is mapped to; null
    /// while it is mapped to none, so that nothing is given.
    Field<String> PRODUCT_ID = Field.text("product_id");
    Field<String> STATUS = Field.text("status");

    Id id();

    Facts facts();

    /// Whether, by what is known of it, it gives what its product gives. This decides only where the provider [tells no
    /// grants][DerivedGrants]: what is bought at Polar gives what Polar's grants say.
    boolean isPaidFor();

    /// Empty while only the object's id is known, from a grant that mentions it.
    default Optional<Id.Customer> customer() {
        return facts().find(CUSTOMER_ID).map(Id.Customer::new);
    }

    default Optional<Id.Product> product() {
        return facts().find(PRODUCT_ID).map(Id.Product::new);
    }

    default Optional<Account> ownAccount() {
        return Account.ofOrganization(facts().get(ORGANIZATION_ID));
    }
}
