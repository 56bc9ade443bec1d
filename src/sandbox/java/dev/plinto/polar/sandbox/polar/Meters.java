package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// The merchant's meters. Nothing is emitted for them: Polar has no such events.
public final class Meters {

    private final SimulatedState state;
    private final Emissions emissions;

    Meters(SimulatedState state, Emissions emissions) {
        this.state = state;
        this.emissions = emissions;
        // Saved states of older versions have customers' meters without their meter.
        state.meters.values().forEach(usage -> state.meterDefinitions.computeIfAbsent(
                usage.meterId(), id -> ofUnits(id, usage.createdAt(), state.merchant.id())));
    }

    public boolean contains(UUID meter) {
        return state.meterDefinitions.containsKey(meter);
    }

    public boolean isArchived(UUID meter) {
        return SimulatedState.find(state.meterDefinitions, meter).archivedAt() != null;
    }

    public MeterTerms terms(UUID id) {
        Meter meter = SimulatedState.find(state.meterDefinitions, id);
        return new MeterTerms(meter.name(), meter.unit(), meter.customLabel(), meter.customMultiplier(), meter.filter(),
                meter.aggregation(), meter.archivedAt() != null, meter.metadata());
    }

    public UUID create(MeterTerms terms) {
        UUID id = emissions.newId();
        state.meterDefinitions.put(id, meter(id, emissions.next(), null, null, terms));
        return id;
    }

    public void update(UUID id, MeterTerms terms) {
        Meter before = SimulatedState.find(state.meterDefinitions, id);
        state.meterDefinitions.put(id, meter(id, before.createdAt(), emissions.next(), before.archivedAt(), terms));
    }

    /// Whether a product's price, or a benefit, refers to it: such a meter cannot be archived.
    public boolean isInUse(UUID meter) {
        return state.products.values().stream().flatMap(Product::offered)
                .anyMatch(price -> meter.equals(price.meterId()))
                || state.benefits.values().stream().anyMatch(benefit -> !benefit.isDeleted()
                        && meter.toString().equals(benefit.properties().get("meter_id")));
    }

    /// The meter of the scenarios: the sum of the events' `units`.
    static UUID ofScenarios(SimulatedState state, Emissions emissions) {
        return state.meterDefinitions.values().stream()
                .filter(meter -> meter.metadata().containsKey("scenarios"))
                .findFirst()
                .orElseGet(() -> {
                    UUID id = emissions.newId();
                    Meter meter = ofUnits(id, emissions.moment(), state.merchant.id());
                    state.meterDefinitions.put(id, meter);
                    return meter;
                })
                .id();
    }

    private static Meter ofUnits(UUID id, Instant at, UUID merchant) {
        ObjectNode filter = JsonNodeFactory.instance.objectNode().put("conjunction", "and");
        filter.putArray("clauses").addObject()
                .put("property", "name").put("operator", "eq").put("value", "usage");
        ObjectNode sum = JsonNodeFactory.instance.objectNode().put("func", "sum").put("property", "units");
        return new Meter(id, at, null, Map.of("scenarios", true), "Usage", "scalar", null, null, filter, sum,
                merchant, null);
    }

    private Meter meter(UUID id, Instant createdAt, Instant modifiedAt, Instant archivedAt, MeterTerms terms) {
        Instant archived = archivedAt == null ? emissions.moment() : archivedAt;
        return new Meter(id, createdAt, modifiedAt, terms.metadata(), terms.name(), terms.unit(), terms.customLabel(),
                terms.customMultiplier(), terms.filter(), terms.aggregation(), state.merchant.id(),
                terms.isArchived() ? archived : null);
    }
}
