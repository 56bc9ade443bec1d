package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.api.FailureReason.FieldError;
import java.util.List;
import java.util.function.Predicate;

/// What a refusal of Polar's means to whoever asked. Polar names some by an error, others only by the field that it
/// refuses.
public enum Refusal {
    ALREADY_CANCELED,
    SUBSCRIPTION_INACTIVE,
    /// It is over, and cannot be taken up again.
    SUBSCRIPTION_ENDED,
    /// Another change of it is under way.
    SUBSCRIPTION_LOCKED,
    /// Neither a cancellation nor a pause that could be taken back.
    NOTHING_SCHEDULED,
    CANNOT_PAUSE,
    NOT_PAUSED,
    PAYMENT_FAILED,
    /// The customer's bank wants the customer to confirm it.
    PAYMENT_ACTION_REQUIRED,
    /// The merchant cannot take payments yet.
    PAYMENT_NOT_READY,
    ALREADY_SUBSCRIBED,
    EMBED_HOST_NOT_ALLOWED,
    NOT_SOLD_BY_THE_SEAT,
    SEATS_IN_USE,
    TOO_FEW_SEATS,
    TOO_MANY_SEATS,
    NO_SEAT_LEFT,
    SEAT_ALREADY_ASSIGNED,
    /// The member with this external id has another e-mail.
    MEMBER_MISMATCH,
    /// A member of a customer who is no team, or while the merchant's members are off at Polar; a checkout, while the
    /// merchant may not sell.
    NOT_PERMITTED,
    BILLING_DETAILS_MISSING,
    /// An order of this status has none.
    NO_INVOICE,
    UNKNOWN_CUSTOMER,
    /// Of a customer or member: another one has it; or when it is changed, this one has another.
    EXTERNAL_ID_CONFLICT,
    /// Another customer or member has it.
    EMAIL_CONFLICT,
    /// Polar has no teams for this merchant.
    TEAM_REFUSED,
    /// Polar does not know the product, or does not sell it in this way.
    PRODUCT_REFUSED,
    /// Something else is wrong with single fields.
    INVALID_FIELDS,
    NOT_FOUND,
    OTHER;

    /// Breaking a rule, unlike the form, which has another name.
    private static final String RULE = "PolarRequestValidationError";

    static Refusal of(String error, List<FieldError> fields) {
        return switch (error) {
            case "AlreadyCanceledSubscription" -> ALREADY_CANCELED;
            case "InactiveSubscription" -> SUBSCRIPTION_INACTIVE;
            case "ResourceUnavailable" -> SUBSCRIPTION_ENDED;
            case "SubscriptionLocked" -> SUBSCRIPTION_LOCKED;
            case "SubscriptionNotScheduledToCancel", "NoScheduledPause" -> NOTHING_SCHEDULED;
            case "CannotPauseSubscription" -> CANNOT_PAUSE;
            case "NotPausedSubscription" -> NOT_PAUSED;
            case "PaymentFailed" -> PAYMENT_FAILED;
            case "PaymentActionRequired" -> PAYMENT_ACTION_REQUIRED;
            case "PaymentNotReady" -> PAYMENT_NOT_READY;
            case "AlreadyActiveSubscriptionError" -> ALREADY_SUBSCRIBED;
            case "EmbedHostNotAllowed" -> EMBED_HOST_NOT_ALLOWED;
            case "NotASeatBasedSubscription" -> NOT_SOLD_BY_THE_SEAT;
            case "SeatsAlreadyAssigned" -> SEATS_IN_USE;
            case "BelowMinimumSeats" -> TOO_FEW_SEATS;
            case "AboveMaximumSeats" -> TOO_MANY_SEATS;
            case "SeatNotAvailable" -> NO_SEAT_LEFT;
            case "SeatAlreadyAssigned" -> SEAT_ALREADY_ASSIGNED;
            case "MemberEmailMismatch" -> MEMBER_MISMATCH;
            case "NotPermitted", "FeatureNotEnabled" -> NOT_PERMITTED;
            case "MissingInvoiceBillingDetails" -> BILLING_DETAILS_MISSING;
            case "OrderNotEligibleForInvoice", "NotPaidOrder" -> NO_INVOICE;
            case "CustomerNotFound" -> UNKNOWN_CUSTOMER;
            case "ResourceNotFound" -> NOT_FOUND;
            default -> fields.isEmpty() ? OTHER : of(fields, error.equals(RULE));
        };
    }

    private static Refusal of(List<FieldError> fields, boolean breaksRule) {
        Predicate<String> refused = name -> fields.stream().map(FieldError::field)
                .anyMatch(field -> field.equals(name) || field.startsWith(name + "."));
        if (fields.stream().map(FieldError::field).anyMatch(field -> field.matches("(\\w+\\.)?type"))) {
            return TEAM_REFUSED;
        }
        if (breaksRule && refused.test("external_id")) {
            return EXTERNAL_ID_CONFLICT;
        }
        if (breaksRule && refused.test("email")) {
            return EMAIL_CONFLICT;
        }
        if (breaksRule && (refused.test("customer_id") || refused.test("external_customer_id"))) {
            return UNKNOWN_CUSTOMER;
        }
        return refused.test("products") || refused.test("product_id") ? PRODUCT_REFUSED : INVALID_FIELDS;
    }
}
