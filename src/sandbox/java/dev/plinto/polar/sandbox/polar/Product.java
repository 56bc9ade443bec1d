package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A product of the merchant. `recurringInterval` is null if it is paid once.
record Product(
        UUID id,
        Instant createdAt,
        Instant modifiedAt,
        String trialInterval,
        Integer trialIntervalCount,
        String name,
        String description,
        String visibility,
        String recurringInterval,
        Integer recurringIntervalCount,
        String meterInterval,
        Integer meterIntervalCount,
        boolean isRecurring,
        boolean isArchived,
        UUID organizationId,
        Map<String, String> metadata,
        boolean isDeletable,
        Price price,
        List<UUID> benefitIds) {

    Product renamed(String newName, Instant at) {
        return new Product(
                id, createdAt, at, trialInterval, trialIntervalCount, newName, description, visibility,
                recurringInterval, recurringIntervalCount, meterInterval, meterIntervalCount, isRecurring, isArchived,
                organizationId, metadata, isDeletable, price, benefitIds);
    }

    record Price(
            UUID id,
            Instant createdAt,
            Instant modifiedAt,
            String source,
            String amountType,
            String priceCurrency,
            String taxBehavior,
            boolean isArchived,
            UUID productId,
            int priceAmount) {}
}
