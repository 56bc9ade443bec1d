package dev.plinto.polar.sandbox.polar;

import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/// When a change in the middle of a period is charged. The unused time at the old price is given back, the remaining
/// time at the new one is charged.
enum Proration {

    /// By an order at once.
    INVOICE,
    /// With the next order.
    PRORATE,
    /// Never: the change waits for the next period.
    NEXT_PERIOD;

    /// `behavior` is Polar's `proration_behavior`; null is the merchant's default.
    ///
    /// @throws InvalidFields if the merchant has not switched it on
    static Proration of(String behavior) {
        if ("reset".equals(behavior)) {
            throw InvalidFields.of(
                    "The 'reset' proration behavior is not enabled for this organization.", "proration_behavior");
        }
        return behavior == null ? PRORATE : valueOf(behavior.toUpperCase(Locale.ROOT));
    }

    /// A product at a price for a period.
    record Part(Product product, int amount, Instant start, Instant end) {

        static Part of(Subscription subscription, Product product) {
            return new Part(
                    product, subscription.amount, subscription.currentPeriodStart, subscription.currentPeriodEnd);
        }

        /// The price of the time from `now` to the end, rounded to the cent.
        int costOf(Instant now) {
            BigInteger whole = BigInteger.valueOf(Math.max(1, micros(start, end)));
            BigInteger left = BigInteger.valueOf(Math.max(0, micros(now, end))).min(whole);
            return BigInteger.valueOf(amount).multiply(left).shiftLeft(1).add(whole).divide(whole.shiftLeft(1))
                    .intValueExact();
        }

        private static long micros(Instant from, Instant to) {
            return ChronoUnit.MICROS.between(from, to);
        }
    }

    /// A change of one part into another.
    record Change(Part old, Part changed, Instant at) {

        /// In cents, without tax; negative if the customer gets some back.
        int cost() {
            return changed.costOf(at) - old.costOf(at);
        }

        boolean isFree() {
            return changed.amount == 0 && old.amount == 0;
        }

        List<Order.Item> items(Emissions emissions) {
            return List.of(
                    item(emissions, "Unused time on " + old.product.name(), -old.costOf(at), old),
                    item(emissions, "Remaining time on " + changed.product.name(), changed.costOf(at), changed));
        }

        private Order.Item item(Emissions emissions, String label, int amount, Part part) {
            return new Order.Item(
                    emissions.newId(), at, null, label, amount, Orders.taxOn(amount), true, part.product.price().id(),
                    at, part.end);
        }
    }
}
