package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// A percentage off the first payment; a basis point is a hundredth of a percent.
record Discount(
        UUID id,
        Instant createdAt,
        Instant modifiedAt,
        String duration,
        String type,
        int basisPoints,
        Map<String, Object> metadata,
        String name,
        String code,
        Instant startsAt,
        Instant endsAt,
        Integer maxRedemptions,
        Integer maxRedemptionsPerCustomer,
        int redemptionsCount,
        UUID organizationId) {

    /// What it takes off this amount, in cents.
    int off(int amount) {
        return (int) ((long) amount * basisPoints / 10_000);
    }

    /// Whether it can be used now.
    boolean isRedeemable(Instant now) {
        return (startsAt == null || !now.isBefore(startsAt))
                && (endsAt == null || now.isBefore(endsAt))
                && (maxRedemptions == null || redemptionsCount < maxRedemptions);
    }

    Discount redeemed() {
        return new Discount(
                id, createdAt, modifiedAt, duration, type, basisPoints, metadata, name, code, startsAt, endsAt,
                maxRedemptions, maxRedemptionsPerCustomer, redemptionsCount + 1, organizationId);
    }

    Discount renamed(String newName, Instant at) {
        return new Discount(
                id, createdAt, at, duration, type, basisPoints, metadata, newName, code, startsAt, endsAt,
                maxRedemptions, maxRedemptionsPerCustomer, redemptionsCount, organizationId);
    }
}
