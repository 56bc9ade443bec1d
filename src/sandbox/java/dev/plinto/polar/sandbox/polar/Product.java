package dev.plinto.polar.sandbox.polar;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.plinto.polar.sandbox.polar.ProductTerms.Money;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// A product of the merchant. `recurringInterval` is null if it is paid once. Its prices include those that were
/// archived; saved states of older versions have one `price`.
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
        @JsonAlias("price") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<Price> prices,
        List<UUID> benefitIds) {

    /// The most that Polar charges at once.
    static final int MOST_CENTS = 99_999_999;

    /// What is paid for it at once, and each period: of its prices the one that does not depend on usage.
    Price price() {
        return offered().filter(price -> !price.isMetered()).findFirst()
                .orElseGet(() -> offered().findFirst().orElseThrow());
    }

    /// Without archived ones.
    Stream<Price> offered() {
        return prices.stream().filter(price -> !price.isArchived);
    }

    /// What a subscription pays that costs this amount: who has bought keeps the price when the product gets another.
    Price price(int amount, Integer seats) {
        return prices.reversed().stream()
                .filter(price -> !price.isMetered() && (price.seatTiers != null) == (seats != null)
                        && price.amount(seats) == amount)
                .findFirst()
                .orElseGet(this::price);
    }

    boolean isSoldBySeat() {
        return price().seatTiers != null;
    }

    Product renamed(String newName, Instant at) {
        return new Product(
                id, createdAt, at, trialInterval, trialIntervalCount, newName, description, visibility,
                recurringInterval, recurringIntervalCount, meterInterval, meterIntervalCount, isRecurring, isArchived,
                organizationId, metadata, isDeletable, prices, benefitIds);
    }

    Product granting(List<UUID> benefits, Instant at) {
        return new Product(
                id, createdAt, at, trialInterval, trialIntervalCount, name, description, visibility,
                recurringInterval, recurringIntervalCount, meterInterval, meterIntervalCount, isRecurring, isArchived,
                organizationId, metadata, isDeletable, prices, List.copyOf(benefits));
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
            @JsonInclude(NON_NULL) SeatTiers seatTiers,
            @JsonInclude(NON_NULL) Integer minimumAmount,
            @JsonInclude(NON_NULL) Integer maximumAmount,
            @JsonInclude(NON_NULL) Integer presetAmount,
            @JsonInclude(NON_NULL) UUID meterId,
            @JsonInclude(NON_NULL) String unitAmount,
            @JsonInclude(NON_NULL) Integer capAmount) {

        static Price fixed(UUID id, Instant at, UUID product, int cents) {
            return new Price(id, at, null, "catalog", "fixed", "eur", "exclusive", false, product, cents, null, null,
                    null, null, null, null, null);
        }

        static Price perSeat(UUID id, Instant at, UUID product, int cents) {
            SeatTiers tiers = new SeatTiers("volume", List.of(new SeatTier(1, null, cents)), 1, null);
            return new Price(id, at, null, "catalog", "seat_based", "eur", "exclusive", false, product, null, tiers,
                    null, null, null, null, null, null);
        }

        Price archived(Instant at) {
            return new Price(id, createdAt, at, source, amountType, priceCurrency, taxBehavior, true, productId,
                    priceAmount, seatTiers, minimumAmount, maximumAmount, presetAmount, meterId, unitAmount, capAmount);
        }

        Money money() {
            return switch (amountType) {
                case "seat_based" -> new Money.PerSeat(seatTiers.seatTierType, seatTiers.tiers.stream()
                        .map(tier -> new ProductTerms.Tier(tier.minSeats, tier.maxSeats, tier.pricePerSeat)).toList());
                case "custom" -> new Money.Custom(minimumAmount, maximumAmount, presetAmount);
                case "fixed" -> new Money.Fixed(priceAmount);
                default -> new Money.Metered(meterId, unitAmount, capAmount);
            };
        }

        boolean isMetered() {
            return meterId != null;
        }

        /// In cents; `seats` counts only if the product is sold by the seat. Usage costs nothing in advance; of a price
        /// that the buyer chooses, it is the suggested one.
        int amount(Integer seats) {
            return switch (amountType) {
                case "seat_based" -> seatTiers.amount(seats);
                case "custom" -> presetAmount == null ? minimumAmount : presetAmount;
                case "fixed" -> priceAmount;
                default -> 0;
            };
        }
    }

    /// By `volume`, each seat costs what the tier of their number costs; `graduated`, each what its own tier costs.
    record SeatTiers(String seatTierType, List<SeatTier> tiers, int minimumSeats, Integer maximumSeats) {

        int amount(int seats) {
            long amount = seatTierType.equals("graduated")
                    ? tiers.stream().mapToLong(tier -> (long) tier.seatsOf(seats) * tier.pricePerSeat).sum()
                    : (long) seats * tiers.stream().filter(tier -> tier.minSeats <= seats)
                            .reduce(tiers.getFirst(), (lower, higher) -> higher).pricePerSeat;
            return (int) Math.min(amount, Integer.MAX_VALUE);
        }

        /// Whether so many seats can be paid at once.
        boolean areAffordable(int seats) {
            return amount(seats) <= MOST_CENTS;
        }
    }

    record SeatTier(int minSeats, Integer maxSeats, int pricePerSeat) {

        /// How many of so many seats are in this tier.
        private int seatsOf(int seats) {
            int last = maxSeats == null ? seats : Math.min(seats, maxSeats);
            return Math.max(0, last - minSeats + 1);
        }
    }
}
