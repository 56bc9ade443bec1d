package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What the merchant states of a discount. Either `basisPoints` or `amounts` (cents by currency) is null, by its type;
/// `durationInMonths` is null unless the duration is `repeating`. Without products it is for all.
public record DiscountTerms(
        String name,
        String code,
        String type,
        String duration,
        Integer durationInMonths,
        Integer basisPoints,
        Map<String, Integer> amounts,
        Instant startsAt,
        Instant endsAt,
        Integer maxRedemptions,
        Integer maxRedemptionsPerCustomer,
        List<UUID> products,
        Map<String, Object> metadata) {}
