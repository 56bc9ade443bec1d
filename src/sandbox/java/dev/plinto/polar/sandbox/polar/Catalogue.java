package dev.plinto.polar.sandbox.polar;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/// What the merchant sells, and the merchant itself.
///
/// Four products: the monthly `Pro` and `Team`, which share a benefit, `Studio`, monthly too and sold by the seat, and
/// `Onboarding`, paid once.
public final class Catalogue {

    private static final String STUDIO = "studio";
    private static final List<String> PLANS = List.of("pro", "team", "onboarding", STUDIO);

    private final SimulatedState state;
    private final Payloads payloads;
    private final Emissions emissions;
    private final Grants grants;

    Catalogue(SimulatedState state, Payloads payloads, Emissions emissions, Grants grants) {
        this.state = state;
        this.payloads = payloads;
        this.emissions = emissions;
        this.grants = grants;
        if (state.merchant == null) {
            openShop();
        }
        // Saved states of older versions lack the plans, and Studio.
        state.plans.values().removeIf(product -> !state.products.containsKey(product));
        PLANS.forEach(plan -> state.products.values().stream()
                .filter(product -> plan.equals(product.metadata().get("plan")))
                .findFirst()
                .ifPresent(product -> state.plans.putIfAbsent(plan, product.id())));
        if (!state.plans.containsKey(STUDIO)) {
            state.plans.put(STUDIO, addStudio());
        }
    }

    public UUID merchant() {
        return state.merchant.id();
    }

    public String merchantName() {
        return state.merchant.name();
    }

    public UUID pro() {
        return byPlan("pro");
    }

    public UUID team() {
        return byPlan("team");
    }

    /// Sold by the seat: its buyer gets no benefits, each member who has claimed a seat does.
    public UUID studio() {
        return byPlan(STUDIO);
    }

    /// Paid once; its grants last until it is refunded.
    public UUID onboarding() {
        return byPlan("onboarding");
    }

    /// The benefits of a product, in grant order.
    public List<UUID> benefitsOf(UUID product) {
        return SimulatedState.find(state.products, product).benefitIds();
    }

    /// Not if it was deleted.
    public boolean hasBenefit(UUID benefit) {
        return state.benefits.containsKey(benefit) && !state.benefits.get(benefit).isDeleted();
    }

    /// The feature that a benefit of type `feature_flag` switches on.
    public Optional<String> featureOf(UUID benefit) {
        return Optional.ofNullable(SimulatedState.find(state.benefits, benefit).metadata().get("feature"))
                .map(String::valueOf);
    }

    /// `product.created`
    public UUID addProduct(String name, int cents, List<UUID> benefits) {
        UUID id = product(emissions.newId(), name, name, cents, true, emissions.next(), benefits);
        emissions.emit("product.created", payloads.product(id));
        return id;
    }

    /// `product.updated`
    public void renameProduct(UUID product, String name) {
        Instant now = emissions.next();
        state.products.put(product, SimulatedState.find(state.products, product).renamed(name, now));
        emissions.emit("product.updated", payloads.product(product));
    }

    /// `benefit.created`; `feature` is null for a benefit of type `custom`.
    public UUID addBenefit(String description, String feature) {
        UUID id = benefit(description, feature, emissions.next());
        emissions.emit("benefit.created", payloads.benefit(id));
        return id;
    }

    /// `benefit.updated`, then `benefit_grant.updated` for each of its live grants, then `customer.state_changed` for
    /// each customer that has one.
    public void describeBenefit(UUID benefit, String description) {
        Instant now = emissions.next();
        state.benefits.put(benefit, SimulatedState.find(state.benefits, benefit).described(description, now));
        emissions.emit("benefit.updated", payloads.benefit(benefit));
        grants.update(benefit);
    }

    /// `discount.created`
    public UUID addDiscount(String name, int percent) {
        UUID id = emissions.newId();
        Discount discount = Discount.of(id, emissions.next(), null, 0, merchant(), new DiscountTerms(
                name, null, "percentage", "once", null, percent * 100, null, null, null, null, null, List.of(),
                Map.of()));
        state.discounts.put(id, discount);
        emissions.emit("discount.created", payloads.discount(discount));
        return id;
    }

    /// `discount.updated`
    public void renameDiscount(UUID id, String name) {
        Discount renamed = SimulatedState.find(state.discounts, id).renamed(name, emissions.next());
        state.discounts.put(id, renamed);
        emissions.emit("discount.updated", payloads.discount(renamed));
    }

    /// `discount.deleted`
    public void deleteDiscount(UUID id) {
        Discount deleted = SimulatedState.find(state.discounts, id);
        state.discounts.remove(id);
        emissions.emit("discount.deleted", payloads.discount(deleted));
    }

    /// `organization.updated`, on the merchant.
    public void renameMerchant(String name) {
        state.merchant = state.merchant.renamed(name, emissions.next());
        emissions.emit("organization.updated", MerchantPayload.of(state.merchant, state.sellingRules));
    }

    private void openShop() {
        Instant opened = emissions.next().minus(Duration.ofDays(90));
        state.merchant = new SimulatedMerchant(emissions.newId(), opened, null, "Plinto (sandbox)", "plinto-sandbox");
        UUID support = benefit("Answers within one working day", null, opened);
        UUID exports = benefit("Unlimited exports", "unlimited_exports", opened);
        UUID workspaces = benefit("Shared workspaces", "shared_workspaces", opened);
        UUID session = benefit("Two hours with an engineer", null, opened);
        UUID templates = benefit("Template library", "template_library", opened);
        product(idOf("pro"), "Pro", "pro", 2_900, true, opened, List.of(exports, support));
        product(idOf("team"), "Team", "team", 9_900, true, opened, List.of(workspaces, support));
        product(idOf("onboarding"), "Onboarding", "onboarding", 49_000, false, opened, List.of(templates, session));
    }

    private UUID addStudio() {
        Instant now = emissions.next();
        UUID id = emissions.newId();
        add(id, "Studio", STUDIO, Product.Price.perSeat(emissions.newId(), now, id, 1_200), true, now,
                List.of(benefitsOf(team()).getFirst(), benefitsOf(onboarding()).getFirst()));
        return id;
    }

    private UUID benefit(String description, String feature, Instant at) {
        UUID id = emissions.newId();
        state.benefits.put(id, Benefit.of(id, at, merchant(), description, feature));
        return id;
    }

    /// That of [SimulatedPolar#withProducts], or a new one.
    private UUID idOf(String plan) {
        UUID given = state.plans.get(plan);
        return given == null ? emissions.newId() : given;
    }

    private UUID product(
            UUID id, String name, String plan, int cents, boolean monthly, Instant at, List<UUID> benefits) {
        add(id, name, plan, Product.Price.fixed(emissions.newId(), at, id, cents), monthly, at, benefits);
        return id;
    }

    private void add(
            UUID id, String name, String plan, Product.Price price, boolean monthly, Instant at, List<UUID> benefits) {
        state.products.put(id, new Product(
                id, at, null, null, null, name, null, "public", monthly ? "month" : null, monthly ? 1 : null, null,
                null, monthly, false, merchant(), Map.of("plan", plan), false, List.of(price), benefits));
    }

    private UUID byPlan(String plan) {
        return Objects.requireNonNull(state.plans.get(plan), plan);
    }
}
