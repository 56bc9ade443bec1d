package dev.plinto.polar.sandbox.polar;

import dev.plinto.polar.sandbox.polar.ProductTerms.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// The products that the merchant adds to its [catalogue][Catalogue], changes and deletes.
public final class Products {

    private final SimulatedState state;
    private final Payloads payloads;
    private final Emissions emissions;
    private final Grants grants;

    Products(SimulatedState state, Payloads payloads, Emissions emissions, Grants grants) {
        this.state = state;
        this.payloads = payloads;
        this.emissions = emissions;
        this.grants = grants;
    }

    public boolean contains(UUID product) {
        return state.products.containsKey(product);
    }

    /// The present terms, all prices kept.
    public ProductTerms terms(UUID id) {
        Product product = SimulatedState.find(state.products, id);
        return new ProductTerms(
                product.name(), product.description(), product.visibility(), product.recurringInterval(),
                product.recurringIntervalCount(), product.trialInterval(), product.trialIntervalCount(),
                product.isArchived(), product.metadata(),
                product.offered().<ProductTerms.Price>map(price -> new ProductTerms.Price.Kept(
                        price.id(), price.priceCurrency(), price.money())).toList());
    }

    /// `product.created`
    public UUID create(ProductTerms terms) {
        UUID id = emissions.newId();
        Instant now = emissions.next();
        state.products.put(id, product(id, now, null, terms, prices(terms, id, now), List.of()));
        emissions.emit("product.created", payloads.product(id));
        return id;
    }

    /// `product.updated`. A price that is not kept is archived: who has bought at it goes on paying it.
    public void update(UUID id, ProductTerms terms) {
        Product before = SimulatedState.find(state.products, id);
        Instant now = emissions.next();
        Set<UUID> kept = new LinkedHashSet<>();
        terms.prices().forEach(price -> price.kept().ifPresent(kept::add));
        List<Product.Price> prices = new ArrayList<>();
        before.prices().forEach(price -> prices.add(
                price.isArchived() || kept.contains(price.id()) ? price : price.archived(now)));
        prices.addAll(prices(terms, id, now));
        state.products.put(id, product(id, before.createdAt(), now, terms, prices, before.benefitIds()));
        emissions.emit("product.updated", payloads.product(id));
    }

    /// `product.updated`; then, of each buyer, `benefit_grant.revoked` for each benefit that the product no longer has,
    /// `benefit_grant.created` for each new one, `customer.state_changed`.
    public void setBenefits(UUID id, List<UUID> benefits) {
        Product product = SimulatedState.find(state.products, id);
        if (product.benefitIds().equals(benefits)) {
            return;
        }
        state.products.put(id, product.granting(benefits, emissions.next()));
        emissions.emit("product.updated", payloads.product(id));
        Set<UUID> changed = new LinkedHashSet<>();
        live(id).filter(subscription -> subscription.seats == null).toList().forEach(subscription -> {
            if (grants.changes(subscription.customerId, () -> grants.align(subscription))) {
                changed.add(subscription.customerId);
            }
        });
        live(id).filter(subscription -> subscription.seats != null).toList()
                .forEach(subscription -> claimed(subscription).forEach(seat -> {
                    if (grants.changes(seat.customerId, () -> grants.align(subscription, seat.memberId))) {
                        changed.add(seat.customerId);
                    }
                }));
        entitling(id).forEach(order -> {
            if (grants.changes(order.customerId, () -> grants.align(order, true))) {
                changed.add(order.customerId);
            }
        });
        changed.forEach(grants::emitState);
    }

    /// Nothing is emitted: Polar has no event for it.
    ///
    /// @throws Refusal if something refers to it
    public void delete(UUID id) {
        if (!isDeletable(SimulatedState.find(state.products, id))) {
            throw new Refusal(409, "ProductNotDeletable",
                    "The product is used by an order, a subscription, a checkout or a scenario. Archive it instead.");
        }
        state.products.remove(id);
        emissions.next();
    }

    private boolean isDeletable(Product product) {
        return payloads.isDeletable(product);
    }

    private Stream<Subscription> live(UUID product) {
        return state.subscriptions.values().stream()
                .filter(subscription -> subscription.productId.equals(product)
                        && subscription.status.grantsBenefits());
    }

    private List<Seat> claimed(Subscription subscription) {
        return state.seats.values().stream()
                .filter(seat -> subscription.id.equals(seat.subscriptionId) && seat.status.equals(Seat.CLAIMED))
                .toList();
    }

    /// The orders of a product that is paid once, but those whose refund has taken the benefits.
    private List<Order> entitling(UUID product) {
        return state.orders.values().stream()
                .filter(order -> product.equals(order.productId) && order.subscriptionId == null && order.paid
                        && state.customers.get(order.customerId).deletedAt == null
                        && state.refunds.values().stream()
                                .noneMatch(refund -> refund.orderId().equals(order.id) && refund.revokeBenefits()))
                .toList();
    }

    private Product product(
            UUID id, Instant createdAt, Instant modifiedAt, ProductTerms terms, List<Product.Price> prices,
            List<UUID> benefits) {
        return new Product(
                id, createdAt, modifiedAt, terms.trialInterval(), terms.trialIntervalCount(), terms.name(),
                terms.description(), terms.visibility(), terms.recurringInterval(), terms.recurringIntervalCount(),
                null, null, terms.recurringInterval() != null, terms.isArchived(), state.merchant.id(),
                terms.metadata(), false, prices, benefits);
    }

    private List<Product.Price> prices(ProductTerms terms, UUID product, Instant at) {
        return terms.prices().stream()
                .flatMap(price -> price instanceof ProductTerms.Price.New added
                        ? Stream.of(price(added, product, at))
                        : Stream.empty())
                .toList();
    }

    private Product.Price price(ProductTerms.Price.New price, UUID product, Instant at) {
        UUID id = emissions.newId();
        return switch (price.money()) {
            case Money.Fixed(int amount) -> new Product.Price(
                    id, at, null, "catalog", "fixed", price.currency(), price.taxBehavior(), false, product, amount,
                    null, null, null, null, null, null, null);
            case Money.Custom(int least, Integer most, Integer preset) -> new Product.Price(
                    id, at, null, "catalog", "custom", price.currency(), price.taxBehavior(), false, product, null,
                    null, least, most, preset, null, null, null);
            case Money.PerSeat(String type, List<ProductTerms.Tier> tiers) -> new Product.Price(
                    id, at, null, "catalog", "seat_based", price.currency(), price.taxBehavior(), false, product, null,
                    tiers(type, tiers), null, null, null, null, null, null);
            case Money.Metered(UUID meter, String unitAmount, Integer cap) -> new Product.Price(
                    id, at, null, "catalog", "metered_unit", price.currency(), price.taxBehavior(), false, product,
                    null, null, null, null, null, meter, unitAmount, cap);
        };
    }

    private static Product.SeatTiers tiers(String type, List<ProductTerms.Tier> tiers) {
        return new Product.SeatTiers(
                type,
                tiers.stream()
                        .map(tier -> new Product.SeatTier(tier.minSeats(), tier.maxSeats(), tier.pricePerSeat()))
                        .toList(),
                tiers.getFirst().minSeats(), tiers.getLast().maxSeats());
    }
}
