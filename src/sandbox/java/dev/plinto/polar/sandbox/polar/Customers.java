package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// Customers and their members.
public final class Customers {

    private static final Customer.Address ADDRESS = new Customer.Address(null, null, "08001", "Barcelona", null, "ES");

    private final SimulatedState state;
    private final Payloads payloads;
    private final Emissions emissions;
    private final Subscriptions subscriptions;
    private final Grants grants;

    Customers(SimulatedState state, Payloads payloads, Emissions emissions, Subscriptions subscriptions,
            Grants grants) {
        this.state = state;
        this.payloads = payloads;
        this.emissions = emissions;
        this.subscriptions = subscriptions;
        this.grants = grants;
    }

    /// `customer.created`, `customer.state_changed`. `externalId` (Plinto's organization id) may be null: Polar leaves
    /// it empty if it knew the buyer's email already.
    public UUID create(String externalId) {
        Customer customer = new Customer();
        customer.id = emissions.newId();
        customer.createdAt = emissions.next();
        customer.metadata = Map.of();
        customer.externalId = externalId;
        customer.email = "billing+" + customer.id.toString().substring(0, 8) + "@customer.example";
        customer.name = "Sam Sample";
        customer.billingName = "Sam Sample";
        customer.billingAddress = ADDRESS;
        customer.organizationId = state.merchant.id();
        customer.avatarUrl = "https://avatars.example/" + customer.id;
        state.customers.put(customer.id, customer);
        add(customer, customer.email, customer.name, Member.OWNER);
        emissions.emit("customer.created", payloads.customer(customer.id));
        grants.emit(grants.snapshot(customer.id));
        return customer.id;
    }

    /// The customers of a Plinto organization, oldest first.
    public List<UUID> of(String externalId) {
        return state.customers.values().stream()
                .filter(customer -> customer.deletedAt == null && Objects.equals(customer.externalId, externalId))
                .map(customer -> customer.id)
                .toList();
    }

    /// As [#of(String)], including deleted ones.
    List<UUID> everOf(String externalId) {
        return state.customers.values().stream()
                .filter(customer -> Objects.equals(customer.externalId, externalId))
                .map(customer -> customer.id)
                .toList();
    }

    /// `customer.updated`, `customer.state_changed`.
    public void setExternalId(UUID id, String externalId) {
        SimulatedState.find(state.customers, id).externalId = externalId;
        emitUpdate(id);
    }

    /// `customer.updated`, `customer.state_changed`.
    public void rename(UUID id, String name) {
        SimulatedState.find(state.customers, id).name = name;
        emitUpdate(id);
    }

    /// Ends the customer's subscriptions (`subscription.updated`, `.canceled`, `.revoked` for each) and grants
    /// (`benefit_grant.revoked` for each), then emits `customer.deleted`, `customer.state_changed`. Polar keeps the
    /// external id in the metadata.
    public void delete(UUID id) {
        Customer customer = SimulatedState.find(state.customers, id);
        if (customer.deletedAt != null) {
            throw new IllegalStateException("the customer is already deleted");
        }
        Instant now = emissions.next();
        subscriptions.endAllOf(id);
        grants.revokeAll(id);
        customer.deletedAt = now;
        if (customer.externalId != null) {
            customer.metadata = Map.of("__external_id", customer.externalId);
        }
        emissions.emit("customer.deleted", payloads.customer(id));
        grants.emit(grants.snapshot(id));
    }

    /// Records metered usage (there is one meter): `customer.state_changed`.
    public void consume(UUID customer, double units) {
        CustomerMeter meter = state.meters.values().stream()
                .filter(known -> known.customerId().equals(customer))
                .findFirst()
                .orElseGet(() -> newMeter(SimulatedState.find(state.customers, customer)));
        state.meters.put(meter.id(), meter.consumed(units, emissions.next()));
        grants.emitState(customer);
    }

    /// `member.created`
    public UUID addMember(UUID customer, String email) {
        Member member = add(SimulatedState.find(state.customers, customer), email, null, "member");
        emissions.emit("member.created", payloads.member(member.id()));
        return member.id();
    }

    /// `member.updated`
    public void renameMember(UUID id, String name) {
        Member old = SimulatedState.find(state.members, id);
        state.members.put(id, new Member(
                id, old.createdAt(), emissions.next(), old.customerId(), old.email(), name, old.externalId(),
                old.role()));
        emissions.emit("member.updated", payloads.member(id));
    }

    /// `member.deleted`; the owner cannot be removed.
    public void removeMember(UUID id) {
        if (SimulatedState.find(state.members, id).role().equals(Member.OWNER)) {
            throw new IllegalStateException("a customer's owner cannot be removed");
        }
        emissions.emit("member.deleted", payloads.member(id));
        state.members.remove(id);
    }

    private Member add(Customer customer, String email, String name, String role) {
        Member member = new Member(
                emissions.newId(), emissions.next(), null, customer.id, email, name, null, role);
        state.members.put(member.id(), member);
        return member;
    }

    private CustomerMeter newMeter(Customer customer) {
        UUID meter = state.meters.values().stream()
                .map(CustomerMeter::meterId)
                .findFirst()
                .orElseGet(emissions::newId);
        return new CustomerMeter(emissions.newId(), emissions.next(), null, customer.id, meter, 0, 0, 0);
    }

    private void emitUpdate(UUID id) {
        SimulatedState.find(state.customers, id).modifiedAt = emissions.next();
        emissions.emit("customer.updated", payloads.customer(id));
        grants.emit(grants.snapshot(id));
    }
}
