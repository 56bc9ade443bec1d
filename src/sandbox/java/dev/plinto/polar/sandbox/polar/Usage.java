package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Events of usage, and what they do to customers' meters. The newest [#KEPT] events are kept: older ones are not
/// listed, but stay counted by meters that count or add up. The newest [#KNOWN] external ids are known, of older events
/// those since the start.
public final class Usage {

    static final int KEPT = 5_000;
    private static final int KNOWN = 200_000;

    private final SimulatedState state;
    private final Emissions emissions;
    private final Grants grants;
    private final Records records;
    private final SequencedSet<String> known = new LinkedHashSet<>();

    Usage(SimulatedState state, Emissions emissions, Grants grants, Records records) {
        this.state = state;
        this.emissions = emissions;
        this.grants = grants;
        this.records = records;
    }

    /// An event to be let in. Either `customer` or `externalCustomer` is null; `timestamp` is null for now.
    public record Wanted(
            String name,
            UUID customer,
            String externalCustomer,
            UUID member,
            String externalMember,
            String externalId,
            String parent,
            Instant timestamp,
            Map<String, Object> metadata) {}

    public boolean knowsCustomer(UUID customer) {
        return state.customers.containsKey(customer) && state.customers.get(customer).deletedAt == null;
    }

    public boolean knowsMember(UUID customer, UUID member) {
        return state.members.containsKey(member) && state.members.get(member).customerId().equals(customer);
    }

    /// Leaves out those whose external id is known; then `customer.state_changed`, once for each customer with a meter
    /// that has moved.
    ///
    /// @return how many were new
    public int ingest(List<Wanted> events) {
        if (known.isEmpty()) {
            state.usage.values().forEach(event -> known.add(event.externalId()));
        }
        Map<UUID, UsageEvent> added = new LinkedHashMap<>();
        for (Wanted event : events) {
            if (event.externalId == null || known.add(event.externalId)) {
                UsageEvent made = made(event);
                added.put(made.id(), made);
                record(state, made);
            }
        }
        while (known.size() > KNOWN) {
            known.removeFirst();
        }
        Set<UUID> moved = new LinkedHashSet<>();
        for (Customer customer : customersOf(added)) {
            List<UsageEvent> own = added.values().stream().filter(event -> event.isOf(customer)).toList();
            state.meterDefinitions.values().stream().filter(meter -> meter.archivedAt() == null).forEach(meter -> {
                List<UsageEvent> measured = own.stream()
                        .filter(event -> Aggregation.matches(meter.filter(), event)).toList();
                if (!measured.isEmpty()) {
                    move(customer, meter, measured);
                    moved.add(customer.id);
                }
            });
        }
        moved.forEach(grants::emitState);
        return added.size();
    }

    /// The events of a meter that are wanted.
    public Quantities quantities(UUID meter, Predicate<ListedObject> wanted) {
        Meter measured = SimulatedState.find(state.meterDefinitions, meter);
        return new Quantities(Aggregation.of(measured), records.usage()
                .filter(wanted)
                .map(listed -> state.usage.get(listed.id()))
                .filter(event -> Aggregation.matches(measured.filter(), event))
                .toList());
    }

    /// The customer's usage of a meter, from 0 if there was none.
    static CustomerMeter of(SimulatedState state, Emissions emissions, UUID customer, UUID meter) {
        return state.meters.values().stream()
                .filter(known -> known.customerId().equals(customer) && known.meterId().equals(meter))
                .findFirst()
                .orElseGet(() -> new CustomerMeter(
                        emissions.newId(), emissions.next(), null, customer, meter, 0, 0, 0));
    }

    static void record(SimulatedState state, UsageEvent event) {
        state.usage.put(event.id(), event);
        if (state.usage.size() > KEPT) {
            state.usage.remove(state.usage.firstEntry().getKey());
        }
    }

    private void move(Customer customer, Meter meter, List<UsageEvent> measured) {
        CustomerMeter before = of(state, emissions, customer.id, meter.id());
        Aggregation aggregation = Aggregation.of(meter);
        double units = aggregation.adds()
                ? aggregation.of(measured.stream())
                : aggregation.of(sinceReset(customer, meter)) - before.consumedUnits();
        state.meters.put(before.id(), before.consumed(units, emissions.next()));
    }

    private Stream<UsageEvent> sinceReset(Customer customer, Meter meter) {
        Instant reset = state.usage.values().stream()
                .filter(event -> event.name().equals("meter.reset") && event.isOf(customer)
                        && meter.id().toString().equals(event.metadata().get("meter_id")))
                .reduce((first, last) -> last).map(UsageEvent::timestamp).orElse(Instant.MIN);
        return state.usage.values().stream()
                .filter(event -> event.isOf(customer) && !event.timestamp().isBefore(reset)
                        && Aggregation.matches(meter.filter(), event));
    }

    private List<Customer> customersOf(Map<UUID, UsageEvent> events) {
        return state.customers.values().stream()
                .filter(customer -> events.values().stream().anyMatch(event -> event.isOf(customer)))
                .toList();
    }

    private UsageEvent made(Wanted event) {
        UUID id = emissions.newId();
        Instant now = emissions.next();
        return new UsageEvent(id, event.timestamp == null ? now : event.timestamp, event.name, UsageEvent.USER,
                event.customer, event.externalCustomer, event.member, event.externalMember, event.externalId,
                parent(event.parent), event.metadata);
    }

    /// A parent may be named by its external id.
    private String parent(String named) {
        return state.usage.values().stream()
                .filter(event -> named != null && named.equals(event.externalId()))
                .findFirst().map(event -> event.id().toString()).orElse(named);
    }
}
