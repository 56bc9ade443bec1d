package dev.plinto.polar.sandbox.polar;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What the merchant states of a product. `recurringInterval` is null if it is paid once.
public record ProductTerms(
        String name,
        String description,
        String visibility,
        String recurringInterval,
        Integer recurringIntervalCount,
        String trialInterval,
        Integer trialIntervalCount,
        boolean isArchived,
        Map<String, Object> metadata,
        List<Price> prices) {

    /// A price of the product, or a new one.
    public sealed interface Price {

        String currency();

        Money money();

        /// One that the product has, and keeps.
        record Kept(UUID id, String currency, Money money) implements Price {}

        /// `money` says how it is reckoned; `taxBehavior` is null for the merchant's default.
        record New(String currency, String taxBehavior, Money money) implements Price {}

        /// The id of a price that is kept.
        default Optional<UUID> kept() {
            return this instanceof Kept kept ? Optional.of(kept.id) : Optional.empty();
        }
    }

    /// How a price is reckoned; all amounts are in cents.
    public sealed interface Money {

        /// Nothing to pay if it is 0.
        record Fixed(int amount) implements Money {}

        /// The buyer chooses; `most` and `preset` may be null.
        record Custom(int least, Integer most, Integer preset) implements Money {}

        record PerSeat(String tierType, List<Tier> tiers) implements Money {}

        /// `unitAmount` is a decimal number; `cap` may be null.
        record Metered(UUID meter, String unitAmount, Integer cap) implements Money {}
    }

    /// `maxSeats` is null in the last tier if it has no end.
    public record Tier(int minSeats, Integer maxSeats, int pricePerSeat) {}
}
