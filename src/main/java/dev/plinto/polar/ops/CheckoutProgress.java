package dev.plinto.polar.ops;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of a checkout on its way from being opened to unlocking what was bought.
///
/// @param soldStatus  of the subscription, else of the order; null if neither is known
/// @param isGood      whether the subscription is live, or the order paid
/// @param hasSeats    whether it is sold by the seat: then seats are granted one by one, later
/// @param benefits    how many the product has; null until it is known
/// @param notGranted  names of those that have no grant
/// @param waiting     names of those that wait for the customer
record CheckoutProgress(String status, @Nullable Instant expiresAt, @Nullable String soldStatus, boolean isGood,
        boolean hasSeats, @Nullable Integer benefits, List<String> notGranted, List<String> waiting) {

    /// Why it unlocked nothing, or that it did.
    String why(Instant now) {
        return switch (status) {
            case "open" -> expiresAt != null && expiresAt.isBefore(now)
                    ? "Not paid. It can no longer be; Polar has not said yet that it expired."
                    : "Not paid yet. The buyer can still pay.";
            case "confirmed" -> "The buyer wants to pay. Polar has not said yet whether the payment succeeded.";
            case "failed" -> "The payment failed. Polar's dashboard says why.";
            case "expired" -> "Not paid: it expired.";
            case "succeeded" -> whyPaid();
            default -> "This release does not know the status.";
        };
    }

    private String whyPaid() {
        if (soldStatus == null) {
            return "Paid. Polar has not told yet which subscription or order was bought. If it takes longer than a "
                    + "minute, compare with Polar.";
        }
        if (benefits == null) {
            return "Paid. It is not known here what the product unlocks: compare with Polar.";
        }
        if (hasSeats || benefits == 0) {
            return isGood ? "Activated." : "Paid, and what was bought is not live: it is " + soldStatus + ".";
        }
        if (!notGranted.isEmpty()) {
            return "Paid. Polar has not granted yet, or has revoked: " + String.join(", ", notGranted) + ".";
        }
        return waiting.isEmpty()
                ? "Activated."
                : "Activated. Waits for the customer, who must connect an account: " + String.join(", ", waiting) + ".";
    }
}
