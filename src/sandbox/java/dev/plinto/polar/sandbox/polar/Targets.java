package dev.plinto.polar.sandbox.polar;

import java.util.Objects;
import java.util.UUID;

/// What a subscription can change to.
final class Targets {

    private static final String PRODUCT = "product_id";

    private final SimulatedState state;
    private final Seats seats;

    Targets(SimulatedState state, Seats seats) {
        this.state = state;
        this.seats = seats;
    }

    /// @throws Refusal if it is, or is about to be, canceled, or paused
    Subscription changeable(UUID id) {
        Subscription subscription = SimulatedState.find(state.subscriptions, id);
        if (subscription.ended() || subscription.cancelAtPeriodEnd) {
            throw Cancellations.alreadyCanceled();
        }
        if (!subscription.billable()) {
            throw SubscriptionTerms.inactive(subscription);
        }
        return subscription;
    }

    /// @throws InvalidFields if the subscription cannot change to it
    Product product(Subscription subscription, UUID id) {
        Product product = state.products.get(id);
        require(product != null, "Product does not exist.");
        require(!product.isArchived(), "Product is archived.");
        require(product.isRecurring(), "Product is not recurring.");
        require(Objects.equals(product.price().priceCurrency(), subscription.currency),
                "This product doesn't have a price for the subscription currency.");
        require(!product.price().amountType().equals("custom"), "Can't update to a product with custom prices.");
        require(product.isSoldBySeat() == (subscription.seats != null),
                "Can't switch between a seat-based and a non-seat-based product.");
        return product;
    }

    /// @throws Refusal if the subscription cannot have so many, or so few
    void checkSeats(Subscription subscription, int wanted) {
        if (subscription.seats == null) {
            throw new Refusal(400, "NotASeatBasedSubscription",
                    "This subscription does not support seat-based pricing.");
        }
        Product.SeatTiers tiers = SimulatedState.find(state.products, subscription.productId).price().seatTiers();
        if (wanted < tiers.minimumSeats()) {
            throw new Refusal(400, "BelowMinimumSeats", "Minimum " + tiers.minimumSeats() + " seats required.");
        }
        if (tiers.maximumSeats() != null && wanted > tiers.maximumSeats()) {
            throw new Refusal(400, "AboveMaximumSeats", "Maximum " + tiers.maximumSeats() + " seats allowed.");
        }
        if (!tiers.areAffordable(wanted)) {
            throw InvalidFields.of("These seats cost more than Polar charges at once.", "seats");
        }
        long taken = seats.taken(subscription.id).count();
        if (wanted < taken) {
            throw new Refusal(400, "SeatsAlreadyAssigned", "Cannot decrease seats to " + wanted + ". Currently " + taken
                    + " seats are assigned. Revoke seats first.");
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw InvalidFields.of(otherwise, PRODUCT);
        }
    }
}
