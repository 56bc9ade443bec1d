package dev.plinto.polar.sandbox.polar;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A percentage (a basis point is a hundredth of one) or a fixed amount off the first payment, some, or all. `amount`
/// and `currency` are the first of `amounts`. Without products it is for all.
record Discount(
        UUID id,
        Instant createdAt,
        Instant modifiedAt,
        String duration,
        @JsonInclude(NON_NULL) Integer durationInMonths,
        String type,
        @JsonInclude(NON_NULL) Integer basisPoints,
        @JsonInclude(NON_NULL) Map<String, Integer> amounts,
        Map<String, Object> metadata,
        String name,
        String code,
        Instant startsAt,
        Instant endsAt,
        Integer maxRedemptions,
        Integer maxRedemptionsPerCustomer,
        int redemptionsCount,
        UUID organizationId,
        List<UUID> productIds) {

    Discount {
        productIds = productIds == null ? List.of() : productIds; // saved states of older versions have none
    }

    static Discount of(
            UUID id, Instant createdAt, Instant modifiedAt, int redemptions, UUID merchant, DiscountTerms terms) {
        return new Discount(
                id, createdAt, modifiedAt, terms.duration(), terms.durationInMonths(), terms.type(),
                terms.basisPoints(), terms.amounts(), terms.metadata(), terms.name(), terms.code(), terms.startsAt(),
                terms.endsAt(), terms.maxRedemptions(), terms.maxRedemptionsPerCustomer(), redemptions, merchant,
                terms.products());
    }

    DiscountTerms terms() {
        return new DiscountTerms(name, code, type, duration, durationInMonths, basisPoints, amounts, startsAt, endsAt,
                maxRedemptions, maxRedemptionsPerCustomer, productIds, metadata);
    }

    /// What it takes off this amount, in cents.
    int off(int amount, String currency) {
        return amounts == null
                ? (int) ((long) amount * basisPoints / 10_000)
                : Math.min(amount, amounts.getOrDefault(currency, 0));
    }

    boolean isFor(UUID product) {
        return productIds.isEmpty() || productIds.contains(product);
    }

    /// Whether it can be used now.
    boolean isRedeemable(Instant now) {
        return (startsAt == null || !now.isBefore(startsAt))
                && (endsAt == null || now.isBefore(endsAt))
                && (maxRedemptions == null || redemptionsCount < maxRedemptions);
    }

    /// Whether the payment of a later period is less too.
    boolean lasts(Instant subscribed, Instant now) {
        return switch (duration) {
            case "forever" -> true;
            case "repeating" -> now.isBefore(Subscription.monthsAfter(subscribed, durationInMonths));
            default -> false;
        };
    }

    Discount redeemed() {
        return of(id, createdAt, modifiedAt, redemptionsCount + 1, organizationId, terms());
    }

    Discount renamed(String newName, Instant at) {
        return new Discount(
                id, createdAt, at, duration, durationInMonths, type, basisPoints, amounts, metadata, newName, code,
                startsAt, endsAt, maxRedemptions, maxRedemptionsPerCustomer, redemptionsCount, organizationId,
                productIds);
    }
}
