package dev.plinto.polar.sandbox.polar;

import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;

/// Subscribes a customer to a recurring product that costs nothing, without a checkout.
public final class SubscribeForFree {

    private final SimulatedState state;
    private final Subscriptions subscriptions;

    SubscribeForFree(SimulatedState state, Subscriptions subscriptions) {
        this.state = state;
        this.subscriptions = subscriptions;
    }

    /// `subscription.created`, `.active`, `.updated`, `benefit_grant.created` for each benefit,
    /// `customer.state_changed`.
    ///
    /// @throws InvalidFields if there is no such product, or it is not free or not recurring
    /// @throws NoSuchElementException if there is no such customer
    public UUID subscribe(UUID customer, UUID product, Map<String, ?> metadata) {
        check(product);
        Subscription subscription = subscriptions.create(null, SimulatedState.find(state.customers, customer),
                state.products.get(product), metadata);
        subscriptions.emit(subscription, "created", "active", "updated");
        subscriptions.settle(subscription);
        return subscription.id;
    }

    /// @throws InvalidFields as [#subscribe(UUID, UUID, Map)]
    public void check(UUID id) {
        Product product = state.products.get(id);
        require(product != null, "Product does not exist.");
        require(product.isRecurring(), "Product is not a recurring product.");
        require(!product.isSoldBySeat() && Optional.ofNullable(product.price().priceAmount()).orElse(1) == 0,
                "Product is not free. The customer should go through a checkout to create a paid subscription.");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw InvalidFields.of(otherwise, "product_id");
        }
    }
}
