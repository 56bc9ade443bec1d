package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.access.CurrentAccess.CurrentSet;
import java.util.List;

/// Whether what was bought by a checkout counts.
///
/// @param state              `pending`, `activated`, `failed` or `expired`
/// @param said               what is known, for the buyer
/// @param actionNeeded       whether a benefit waits for the customer, as for an account at Discord
/// @param entitlementVersion of the organization's set
/// @param entitlements       the organization's set, as `GET /api/v1/polar/entitlements` answers it
@JsonNaming(SnakeCaseStrategy.class)
public record Activation(String state, String said, boolean actionNeeded, long entitlementVersion,
        JsonNode entitlements) {

    static Activation of(Purchase purchase, CurrentSet set) {
        boolean isActivated = purchase.activation() == Purchase.Activation.ACTIVATED;
        return new Activation(switch (purchase.activation()) {
            case PENDING -> "pending";
            case ACTIVATED -> "activated";
            case NONE -> purchase.status();
        }, said(purchase), isActivated && purchase.needsAction(), set.version(), set.entitlements());
    }

    private static String said(Purchase purchase) {
        return switch (purchase.activation()) {
            case PENDING -> switch (purchase.status()) {
                case "succeeded" -> "The purchase is confirmed; " + missing(purchase);
                case "confirmed" -> "The payment is under way.";
                default -> "Waiting for the payment.";
            };
            case ACTIVATED -> purchase.needsAction()
                    ? "What was bought can be used. A part of it waits for you to connect an account."
                    : "What was bought can be used.";
            case NONE -> purchase.status().equals("expired")
                    ? "The checkout has expired, and nothing was bought."
                    : "The payment failed, and nothing was bought.";
        };
    }

    /// Why a purchase that succeeded does not count yet.
    private static String missing(Purchase purchase) {
        List<String> benefits = purchase.benefitIds();
        if (!purchase.isSold()) {
            return "Polar has not told yet what it gives.";
        }
        if (benefits == null) {
            return "it is not known yet what the product gives.";
        }
        if (purchase.hasSeats() || benefits.isEmpty()) {
            return purchase.subscription() != null
                    ? "the subscription has not begun yet."
                    : "Polar has not told yet that it is paid.";
        }
        long granted = benefits.stream().filter(purchase::isGranted).count();
        return granted == 0
                ? "Polar has not granted anything yet."
                : "Polar has granted " + granted + " of " + benefits.size() + " benefits.";
    }
}
