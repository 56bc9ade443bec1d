package dev.plinto.polar.sandbox.polar;

import dev.plinto.polar.sandbox.polar.InvalidFields.Found;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// Who buys: how Polar links a checkout to a customer, and what a customer may not buy.
final class Buyers {

    private final SimulatedState state;
    private final Customers customers;
    private final Subscriptions subscriptions;

    Buyers(SimulatedState state, Customers customers, Subscriptions subscriptions) {
        this.state = state;
        this.customers = customers;
        this.subscriptions = subscriptions;
    }

    /// A new checkout is linked to the customer with its external id, if there is one.
    void link(Checkout checkout) {
        if (checkout.customerId == null) {
            checkout.customerId = withExternalId(checkout);
        }
    }

    /// @throws InvalidFields for fields without which a checkout cannot be confirmed
    void checkComplete(Checkout checkout, boolean payment, String token) {
        Customer linked = checkout.customerId == null ? null : state.customers.get(checkout.customerId);
        Customer.Address address = checkout.customerBillingAddress == null && linked != null
                ? linked.billingAddress
                : checkout.customerBillingAddress;
        Found found = new Found();
        found.missing(linked == null && checkout.customerEmail == null, "Field is required.", "customer_email");
        found.missing(payment && address == null, "Field is required.", "customer_billing_address");
        if (checkout.requireBillingAddress && address != null) {
            found.missing(address.line1() == null, "Field is required.", "customer_billing_address", "line1");
            found.missing(address.city() == null, "Field is required.", "customer_billing_address", "city");
            found.missing(address.postalCode() == null, "Field is required.", "customer_billing_address",
                    "postal_code");
        }
        found.missing(payment && token == null, "Confirmation token is required.", "confirmation_token_id");
        found.check();
    }

    /// The customer who confirms; null if it is a new one. Polar links an unlinked checkout to the customer with its
    /// external id or, if there is none, to the one with the buyer's e-mail, who keeps the external id that it has.
    ///
    /// @throws Refusal if the linked customer is deleted, or the external id is that of another e-mail
    Customer known(Checkout checkout) {
        if (checkout.customerId != null) {
            Customer linked = SimulatedState.find(state.customers, checkout.customerId);
            if (linked.deletedAt != null) {
                throw new Refusal(409, "CheckoutCustomerDeleted", "The customer of this checkout has been deleted.");
            }
            return linked;
        }
        UUID owner = withExternalId(checkout);
        if (owner == null) {
            return customers.withEmail(checkout.customerEmail).orElse(null);
        }
        Customer known = SimulatedState.find(state.customers, owner);
        if (!checkout.customerEmail.equalsIgnoreCase(known.email)) {
            throw new Refusal(422, "CheckoutCustomerExternalIdMismatch",
                    "A customer with this external ID already exists with a different email address.");
        }
        return known;
    }

    /// @throws Refusal if the merchant allows a customer one subscription, or one trial, and it has had that; or if it
    ///     has used the discount as often as one customer may
    void checkMayBuy(Checkout checkout, Customer customer) {
        if (customer != null) {
            checkDiscount(checkout, customer);
        }
        if (customer == null || !SimulatedState.find(state.products, checkout.productId).isRecurring()) {
            return;
        }
        List<Subscription> had = subscriptions.of(customer.id).stream().map(state.subscriptions::get).toList();
        if (!state.sellingRules.allowMultipleSubscriptions && had.stream().anyMatch(Buyers::isBillable)) {
            throw new Refusal(403, "AlreadyActiveSubscriptionError", "You already have an active subscription.");
        }
        if (state.sellingRules.preventTrialAbuse && checkout.trial
                && had.stream().anyMatch(subscription -> subscription.trialStart != null)) {
            throw new Refusal(403, "TrialAlreadyRedeemed", "You have already used a trial.");
        }
    }

    private void checkDiscount(Checkout checkout, Customer customer) {
        Discount discount = checkout.discountId == null ? null : state.discounts.get(checkout.discountId);
        if (discount == null || discount.maxRedemptionsPerCustomer() == null) {
            return;
        }
        long used = state.checkouts.values().stream()
                .filter(other -> other.status.equals(Checkout.SUCCEEDED) && customer.id.equals(other.customerId)
                        && discount.id().equals(other.discountId))
                .count();
        if (used >= discount.maxRedemptionsPerCustomer()) {
            throw new Refusal(403, "DiscountRedemptionLimitReached", "You have already used this discount.");
        }
    }

    /// A new customer, with what the buyer has filled in.
    Customer register(Checkout checkout) {
        Customer customer = new Customer();
        customer.externalId = checkout.externalCustomerId;
        customer.email = checkout.customerEmail;
        customer.metadata = Map.of();
        Checkouts.fillIn(checkout, customer);
        return customers.register(customer);
    }

    private UUID withExternalId(Checkout checkout) {
        return checkout.externalCustomerId == null
                ? null
                : customers.of(checkout.externalCustomerId).stream().reduce((older, newer) -> newer).orElse(null);
    }

    private static boolean isBillable(Subscription subscription) {
        return subscription.status.grantsBenefits()
                || Objects.equals(subscription.status, SubscriptionStatus.PAST_DUE);
    }
}
