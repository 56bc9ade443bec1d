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

    Discount renamed(String newName, Instant at) {
        return new Discount(
                id, createdAt, at, duration, type, basisPoints, metadata, newName, code, startsAt, endsAt,
                maxRedemptions, maxRedemptionsPerCustomer, redemptionsCount, organizationId);
    }
}
