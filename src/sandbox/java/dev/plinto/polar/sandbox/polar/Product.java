package dev.plinto.polar.sandbox.polar;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
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
        Map<String, Object> metadata,
        boolean isDeletable,
        Price price,
        List<UUID> benefitIds) {

    boolean isSoldBySeat() {
        return price.seatTiers != null;
    }

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
            @JsonInclude(NON_NULL) Integer priceAmount,
            @JsonInclude(NON_NULL) SeatTiers seatTiers) {

        static Price fixed(UUID id, Instant at, UUID product, int cents) {
            return new Price(id, at, null, "catalog", "fixed", "eur", "exclusive", false, product, cents, null);
        }

        static Price perSeat(UUID id, Instant at, UUID product, int cents) {
            SeatTiers tiers = new SeatTiers("volume", List.of(new SeatTier(1, null, cents)), 1, null);
            return new Price(id, at, null, "catalog", "seat_based", "eur", "exclusive", false, product, null, tiers);
        }

        /// In cents; `seats` counts only if the product is sold by the seat.
        int amount(Integer seats) {
            return seatTiers == null ? priceAmount : seats * seatTiers.tiers.getFirst().pricePerSeat;
        }
    }

    /// There is only one tier: each seat costs the same.
    record SeatTiers(String seatTierType, List<SeatTier> tiers, int minimumSeats, Integer maximumSeats) {}

    record SeatTier(int minSeats, Integer maxSeats, int pricePerSeat) {}
}
