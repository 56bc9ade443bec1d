package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A checkout session. [CheckoutPayload] adds the other fields that Polar sends, which follow from the product, the
/// discount and the customer.
final class Checkout {

    static final String OPEN = "open";
    static final String CONFIRMED = "confirmed";
    static final String SUCCEEDED = "succeeded";
    static final String FAILED = "failed";
    static final String EXPIRED = "expired";

    UUID id;
    Instant createdAt;
    Instant modifiedAt;
    String status;
    String clientSecret;
    Instant expiresAt;
    /// Whether it begins with a trial, and with which; the merchant may have set one for this checkout only.
    boolean trial;
    String activeTrialInterval = "day";
    Integer activeTrialIntervalCount = 14;
    boolean allowTrial = true;
    String trialInterval;
    Integer trialIntervalCount;
    Integer seats;
    Integer minSeats;
    Integer maxSeats;
    /// All that the buyer can choose from; empty if there is only [#productId].
    List<UUID> productIds = List.of();
    UUID productId;
    /// That the merchant or the buyer asked for; null for the product's.
    String currency;
    UUID discountId;
    boolean allowDiscountCodes = true;
    boolean requireBillingAddress;
    UUID customerId;
    UUID subscriptionId;
    String externalCustomerId;
    boolean isBusinessCustomer;
    String customerName;
    String customerEmail;
    String customerIpAddress;
    String customerBillingName;
    Customer.Address customerBillingAddress;
    String customerTaxId;
    String locale;
    String successUrl;
    String returnUrl;
    String embedOrigin;
    Map<String, Object> metadata;
    Map<String, Object> customerMetadata = Map.of();
    Map<String, Object> customFieldData = Map.of();
    /// When the bank decides on the payment of a confirmed checkout, and how; null if nobody waits for it.
    Instant paymentDueAt;
    boolean paymentFails;

    List<UUID> products() {
        return productIds.isEmpty() ? List.of(productId) : productIds;
    }

    /// The end of a trial that begins at `start`; null without one.
    Instant trialEnd(Instant start) {
        return trial ? start.atOffset(ZoneOffset.UTC).plus(trialPeriod()).toInstant() : null;
    }

    private Period trialPeriod() {
        int count = activeTrialIntervalCount;
        return switch (activeTrialInterval) {
            case "day" -> Period.ofDays(count);
            case "week" -> Period.ofWeeks(count);
            case "month" -> Period.ofMonths(count);
            case "year" -> Period.ofYears(count);
            default -> throw new IllegalStateException("no interval of a trial is called " + activeTrialInterval);
        };
    }
}
