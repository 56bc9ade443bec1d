package dev.plinto.polar.billing;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of a checkout, and of what was sold by it.
///
/// @param customerId     Polar's id of who bought; null until it is known
/// @param toldAt         when this service was told the status; null if it is not known any more
/// @param benefitIds     of the product; null until it is known
/// @param liveBenefits   those of which the subscription or order gives a live grant
/// @param waitingBenefits those whose grant waits for the customer, as for an account at Discord
record Purchase(String checkoutId, String status, @Nullable String organizationId, @Nullable String productId,
        @Nullable String customerId, @Nullable String createdAt, @Nullable String expiresAt, @Nullable Instant toldAt,
        @Nullable Sold subscription, @Nullable Sold order,
        boolean hasSeats, @Nullable List<String> benefitIds, Set<String> liveBenefits, Set<String> waitingBenefits) {

    /// A subscription or an order.
    ///
    /// @param isGood whether it is live, or paid
    record Sold(String id, boolean isGood) {}

    enum Activation {
        PENDING, ACTIVATED,
        /// Nothing was bought, and nothing will be by this checkout.
        NONE;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Whether what was bought counts: all benefits of the product are granted. Seats are granted one by one, later,
    /// and a product may have no benefits: then the subscription is live, or the order paid.
    Activation activation() {
        return switch (status) {
            case "failed", "expired" -> Activation.NONE;
            case "succeeded" -> isSold() && isGranted() ? Activation.ACTIVATED : Activation.PENDING;
            default -> Activation.PENDING; // a status that Polar adds later does not mean success
        };
    }

    /// Whether a benefit waits for the customer to do something.
    boolean needsAction() {
        return !waitingBenefits.isEmpty();
    }

    boolean hasSucceeded() {
        return status.equals("succeeded");
    }

    /// Whether it is known what was sold.
    boolean isSold() {
        return subscription != null || order != null;
    }

    private boolean isGranted() {
        if (benefitIds == null) {
            return false;
        }
        return hasSeats || benefitIds.isEmpty()
                ? subscription != null && subscription.isGood || order != null && order.isGood
                : benefitIds.stream().allMatch(this::isGranted);
    }

    /// Also if the benefit waits for the customer.
    boolean isGranted(String benefitId) {
        return liveBenefits.contains(benefitId) || waitingBenefits.contains(benefitId);
    }
}
