package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.InvalidFields.Found;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What Polar demands of the fields of a checkout. A change is tried on a copy, so that one that is refused leaves
/// nothing behind.
final class CheckoutRules {

    private final SimulatedState state;
    private final Emissions emissions;

    CheckoutRules(SimulatedState state, Emissions emissions) {
        this.state = state;
        this.emissions = emissions;
    }

    /// A copy of the checkout with these fields, which have Polar's names and the right form.
    ///
    /// @throws InvalidFields if they break a rule
    Checkout changed(Checkout checkout, ObjectNode fields) {
        ObjectNode wanted = fields.deepCopy();
        resolveCode(checkout, wanted);
        JsonNode amount = wanted.remove("amount");
        Checkout changed = merged(checkout, wanted);
        Found found = new Found();
        checkProduct(changed, found);
        found.check();
        Product product = SimulatedState.find(state.products, changed.productId);
        if (!changed.productId.equals(checkout.productId) && !product.isSoldBySeat() && !fields.hasNonNull("seats")) {
            changed.seats = null; // those of the product that the buyer chose before
        }
        adaptTo(product, changed);
        checkRest(changed, found);
        found.broken(isAnotherAmount(amount, product.price()), "The simulated Polar sells at the preset amount only.",
                "amount");
        found.broken(fields.hasNonNull("customer_id") && !mayBuy(changed.customerId), "Customer does not exist.",
                "customer_id");
        found.check();
        return changed;
    }

    /// A new checkout for several products is for the first one until the buyer chooses.
    void checkProducts(List<UUID> products) {
        Found found = new Found();
        for (int i = 0; i < products.size(); i++) {
            Product product = state.products.get(products.get(i));
            found.broken(product == null, "Product does not exist.", "products", i);
            found.broken(product != null && product.isArchived(), "Product is archived.", "products", i);
            found.broken(product != null && product.visibility().equals("draft"), "Product is a draft.", "products", i);
        }
        found.check();
    }

    private static Checkout merged(Checkout checkout, ObjectNode fields) {
        try {
            Checkout copy = SimulatedJson.MAPPER.treeToValue(SimulatedJson.MAPPER.valueToTree(checkout),
                    Checkout.class);
            return SimulatedJson.MAPPER.readerForUpdating(copy).readValue(fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The buyer knows the code of a discount, not its id. An empty one takes the discount away.
    private void resolveCode(Checkout checkout, ObjectNode fields) {
        JsonNode code = fields.remove("discount_code");
        if (code == null) {
            return;
        }
        if (code.isNull() || code.textValue().isBlank()) {
            fields.putNull("discount_id");
            return;
        }
        if (!checkout.allowDiscountCodes) {
            throw InvalidFields.of("Discount codes are not allowed for this checkout.", "discount_code");
        }
        Optional<Discount> discount = state.discounts.values().stream()
                .filter(known -> code.textValue().strip().equalsIgnoreCase(known.code()))
                .filter(known -> known.isRedeemable(emissions.now()))
                .findFirst();
        fields.put("discount_id", discount
                .orElseThrow(() -> InvalidFields.of("Discount does not exist.", "discount_code"))
                .id().toString());
    }

    private void checkProduct(Checkout checkout, Found found) {
        found.broken(!checkout.products().contains(checkout.productId),
                "Product is not available in this checkout.", "product_id");
        Product product = state.products.get(checkout.productId);
        found.broken(product == null || product.isArchived(), "Product is archived.", "product_id");
    }

    /// Seats and trial follow from the product.
    private static void adaptTo(Product product, Checkout checkout) {
        if (product.isSoldBySeat() && checkout.seats == null) {
            checkout.seats = checkout.minSeats == null ? product.price().seatTiers().minimumSeats() : checkout.minSeats;
        }
        boolean ownTrial = checkout.trialInterval != null;
        checkout.trial = checkout.allowTrial && product.isRecurring() && (ownTrial || product.trialInterval() != null);
        if (checkout.trial) {
            checkout.activeTrialInterval = ownTrial ? checkout.trialInterval : product.trialInterval();
            checkout.activeTrialIntervalCount = ownTrial ? checkout.trialIntervalCount : product.trialIntervalCount();
        }
    }

    private void checkRest(Checkout checkout, Found found) {
        Product product = SimulatedState.find(state.products, checkout.productId);
        checkSeats(checkout, product, found);
        found.broken(checkout.currency != null && !checkout.currency.equals(product.price().priceCurrency()),
                "The product has no price in this currency.", "currency");
        found.broken((checkout.trialInterval == null) != (checkout.trialIntervalCount == null),
                "An interval of a trial needs a count, and the other way round.", "trial_interval");
        Discount discount = checkout.discountId == null ? null : state.discounts.get(checkout.discountId);
        found.broken(checkout.discountId != null && (discount == null || !discount.isRedeemable(emissions.now())
                || !discount.isFor(checkout.productId)),
                "Discount does not exist, or can no longer be redeemed.", "discount_id");
        found.broken(checkout.customerTaxId != null && checkout.customerBillingAddress == null,
                "The country is required to validate the tax ID.", "customer_tax_id");
    }

    /// Of a price that the buyer chooses; Polar ignores it for others.
    private static boolean isAnotherAmount(JsonNode amount, Product.Price price) {
        return amount != null && amount.isNumber() && price.amountType().equals("custom")
                && amount.intValue() != price.amount(null);
    }

    private boolean mayBuy(UUID customer) {
        return state.customers.containsKey(customer) && state.customers.get(customer).deletedAt == null;
    }

    private static void checkSeats(Checkout checkout, Product product, Found found) {
        if (!product.isSoldBySeat()) {
            found.broken(checkout.seats != null || checkout.minSeats != null || checkout.maxSeats != null,
                    "This product is not sold by the seat.", "seats");
            return;
        }
        Product.SeatTiers tiers = product.price().seatTiers();
        int least = Math.max(tiers.minimumSeats(), checkout.minSeats == null ? 1 : checkout.minSeats);
        found.broken(checkout.seats < least, "At least " + least + " seats must be bought.", "seats");
        found.broken(!tiers.areAffordable(checkout.seats), "These seats cost more than Polar charges at once.",
                "seats");
        tooMany(checkout.seats, tiers.maximumSeats(), found);
        tooMany(checkout.seats, checkout.maxSeats, found);
    }

    private static void tooMany(int seats, Integer most, Found found) {
        found.broken(most != null && seats > most, "At most " + most + " seats can be bought.", "seats");
    }
}
