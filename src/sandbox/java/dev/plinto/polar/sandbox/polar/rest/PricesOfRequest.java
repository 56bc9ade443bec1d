package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.ProductTerms.Money;
import dev.plinto.polar.sandbox.polar.ProductTerms.Price;
import dev.plinto.polar.sandbox.polar.ProductTerms.Tier;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The `prices` of a product in a request, by Polar's rules: one fixed price, one by the seat, or one that the buyer
/// chooses, and any number by usage if it is recurring; a free one is alone. `present` are those that may be kept.
record PricesOfRequest(SimulatedPolar polar, List<Price> present, boolean recurring) {

    private static final int LEAST = 50; // cents
    private static final int MOST = 99_999_999;
    private static final List<String> KINDS = List.of("fixed", "custom", "seat_based", "metered_unit");
    private static final List<String> TAX = List.of("location", "inclusive", "exclusive");
    private static final String UNITS = "[0-9]{1,5}(?:\\.[0-9]{1,12})?";

    List<Price> read(Body body) {
        if (body.node("prices").isArray() && body.node("prices").isEmpty()) {
            body.refuse("prices", "too_short", "List should have at least 1 item after validation, not 0");
        }
        List<Price> prices = new ArrayList<>();
        body.objects("prices").forEach(price -> price(price).ifPresent(prices::add));
        check(body, prices);
        return prices;
    }

    private Optional<Price> price(Body price) {
        if (price.has("id")) {
            Optional<UUID> id = price.id("id");
            Optional<Price> kept = present.stream().filter(known -> known.kept().equals(id)).findFirst();
            if (id.isPresent() && kept.isEmpty()) {
                price.refuse("id", "value_error", "Price does not exist.");
            }
            return kept;
        }
        Optional<String> kind = price.require("amount_type").oneOf("amount_type", KINDS);
        String currency = price.text("price_currency").orElse("usd");
        if (!currency.matches("[a-z]{3}")) {
            price.refuse("price_currency", "enum", "Input should be a currency of three lower-case letters");
        }
        String tax = price.oneOf("tax_behavior", TAX).orElse(null);
        return kind.flatMap(amountType -> switch (amountType) {
            case "fixed" -> fixed(price);
            case "custom" -> custom(price);
            case "seat_based" -> perSeat(price);
            default -> metered(price);
        }).map(money -> new Price.New(currency, tax, money));
    }

    private static Optional<Money> fixed(Body price) {
        return price.require("price_amount").number("price_amount", 0, MOST)
                .filter(amount -> payable(price, "price_amount", amount)).map(Money.Fixed::new);
    }

    private static Optional<Money> custom(Body price) {
        int least = price.number("minimum_amount", 0, MOST).orElse(LEAST);
        Integer most = price.number("maximum_amount", 0, MOST).orElse(null);
        Integer preset = price.number("preset_amount", 0, MOST).orElse(null);
        if (!payable(price, "minimum_amount", least)) {
            return Optional.empty();
        }
        if (most != null && most < least) {
            price.refuse("maximum_amount", "value_error", "The maximum is below the minimum");
        }
        if (preset != null && (preset < least || most != null && preset > most)) {
            price.refuse("preset_amount", "value_error", "The preset is not between the minimum and the maximum");
        }
        return Optional.of(new Money.Custom(least, most, preset));
    }

    private static boolean payable(Body price, String field, int amount) {
        if (amount > 0 && amount < LEAST) {
            price.refuse(field, "greater_than_equal", "Input should be 0, or greater than or equal to " + LEAST);
            return false;
        }
        return true;
    }

    private static Optional<Money> perSeat(Body price) {
        return price.require("seat_tiers").object("seat_tiers").map(tiers -> {
            List<Tier> read = tiers.require("tiers").objects("tiers").stream()
                    .map(tier -> new Tier(
                            tier.require("min_seats").number("min_seats", 1, Integer.MAX_VALUE).orElse(1),
                            tier.number("max_seats", 1, Integer.MAX_VALUE).orElse(null),
                            tier.require("price_per_seat").number("price_per_seat", 0, MOST).orElse(0)))
                    .toList();
            for (int i = 1; i < read.size(); i++) {
                Integer end = read.get(i - 1).maxSeats();
                if (end == null || read.get(i).minSeats() != end + 1) {
                    tiers.refuse("tiers", "value_error", "Each tier begins where the one before ends");
                }
            }
            if (read.stream().anyMatch(tier -> tier.maxSeats() != null && tier.maxSeats() < tier.minSeats())) {
                tiers.refuse("tiers", "value_error", "The maximum of a tier is below its minimum");
            }
            if (read.isEmpty()) {
                tiers.refuse("tiers", "too_short", "List should have at least 1 item after validation, not 0");
            }
            String type = tiers.oneOf("seat_tier_type", List.of("volume", "graduated")).orElse("volume");
            return new Money.PerSeat(type, read);
        });
    }

    private Optional<Money> metered(Body price) {
        Optional<UUID> meter = price.require("meter_id", "unit_amount").id("meter_id");
        meter.filter(id -> !polar.meters().contains(id) || polar.meters().isArchived(id))
                .ifPresent(id -> price.refuse("meter_id", "value_error", "Meter does not exist."));
        JsonNode amount = price.node("unit_amount");
        boolean finite = amount.isNumber() && Double.isFinite(amount.doubleValue());
        String text = finite ? amount.decimalValue().toPlainString() : amount.asText();
        if (!text.matches(UNITS) || new BigDecimal(text).signum() == 0) {
            price.refuse("unit_amount", "decimal_parsing", "Input should be a positive decimal with up to 12 places");
        }
        Integer cap = price.number("cap_amount", 0, Integer.MAX_VALUE).orElse(null);
        return meter.map(id -> new Money.Metered(id, text, cap));
    }

    private void check(Body body, List<Price> prices) {
        long metered = prices.stream().filter(price -> price.money() instanceof Money.Metered).count();
        if (metered > 0 && !recurring) {
            body.refuse("prices", "value_error", "A product that is paid once has no metered price.");
        }
        if (prices.stream().map(Price::currency).distinct().count() > 1) {
            body.refuse("prices", "not_simulated", "The simulated Polar has one currency per product");
        }
        if (prices.size() - metered > 1) {
            body.refuse("prices", "value_error", "A product has one fixed price, one by the seat, or one that the buyer"
                    + " chooses. (The simulated Polar does not combine a fixed one with one by the seat.)");
        }
        if (prices.size() > 1 && prices.stream().anyMatch(price -> price.money().equals(new Money.Fixed(0)))) {
            body.refuse("prices", "value_error", "A free price cannot be combined with other prices.");
        }
    }
}
