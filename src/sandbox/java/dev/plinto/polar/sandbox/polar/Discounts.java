package dev.plinto.polar.sandbox.polar;

import java.util.Optional;
import java.util.UUID;

/// The merchant's discounts.
public final class Discounts {

    private final SimulatedState state;
    private final Payloads payloads;
    private final Emissions emissions;

    Discounts(SimulatedState state, Payloads payloads, Emissions emissions) {
        this.state = state;
        this.payloads = payloads;
        this.emissions = emissions;
    }

    public boolean contains(UUID discount) {
        return state.discounts.containsKey(discount);
    }

    public DiscountTerms terms(UUID discount) {
        return SimulatedState.find(state.discounts, discount).terms();
    }

    /// The discount with this code, in upper or lower case.
    public Optional<UUID> withCode(String code) {
        return state.discounts.values().stream()
                .filter(discount -> code.equalsIgnoreCase(discount.code()))
                .findFirst()
                .map(Discount::id);
    }

    /// `discount.created`
    public UUID create(DiscountTerms terms) {
        UUID id = emissions.newId();
        put("created", Discount.of(id, emissions.next(), null, 0, state.merchant.id(), terms));
        return id;
    }

    /// `discount.updated`
    public void update(UUID id, DiscountTerms terms) {
        Discount before = SimulatedState.find(state.discounts, id);
        put("updated", Discount.of(id, before.createdAt(), emissions.next(), before.redemptionsCount(),
                before.organizationId(), terms));
    }

    /// `discount.deleted`. Who has it, keeps the price of the present period.
    public void delete(UUID id) {
        Discount deleted = SimulatedState.find(state.discounts, id);
        state.discounts.remove(id);
        emissions.emit("discount.deleted", payloads.discount(deleted));
    }

    private void put(String event, Discount discount) {
        state.discounts.put(discount.id(), discount);
        emissions.emit("discount." + event, payloads.discount(discount));
    }
}
