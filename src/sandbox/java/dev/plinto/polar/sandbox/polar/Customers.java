package dev.plinto.polar.sandbox.polar;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Customers and their members.
public final class Customers {

    private static final Customer.Address ADDRESS = new Customer.Address(null, null, "08001", "Barcelona", null, "ES");

    private final SimulatedState state;
    private final Payloads payloads;
    private final Emissions emissions;
    private final Members members;
    private final Seats seats;
    private final Subscriptions subscriptions;
    private final Grants grants;

    Customers(
            SimulatedState state, Payloads payloads, Emissions emissions, Members members, Seats seats,
            Subscriptions subscriptions, Grants grants) {
        this.state = state;
        this.payloads = payloads;
        this.emissions = emissions;
        this.members = members;
        this.seats = seats;
        this.subscriptions = subscriptions;
        this.grants = grants;
    }

    /// `member.created` (its owner), `customer.created`, `customer.state_changed`. `externalId` (Plinto's organization
    /// id) may be null: Polar leaves it empty if it knew the buyer's email already.
    public UUID create(String externalId) {
        return announce(register(externalId));
    }

    /// A new customer with made-up details, of whom no event tells yet.
    Customer register(String externalId) {
        Customer customer = new Customer();
        customer.id = emissions.newId();
        customer.metadata = Map.of();
        customer.externalId = externalId;
        customer.email = "billing+" + customer.id.toString().substring(0, 8) + "@customer.example";
        customer.name = "Sam Sample";
        customer.billingName = "Sam Sample";
        customer.billingAddress = ADDRESS;
        return register(customer);
    }

    /// A new customer with these details, of whom no event tells yet. It is its own owner.
    Customer register(Customer customer) {
        return register(customer, new Owner(customer.email, customer.name, null));
    }

    /// As [#register(Customer)], with another owner.
    Customer register(Customer customer, Owner owner) {
        if (customer.id == null) {
            customer.id = emissions.newId();
        }
        customer.createdAt = emissions.next();
        customer.organizationId = state.merchant.id();
        customer.avatarUrl = "https://avatars.example/" + customer.id;
        state.customers.put(customer.id, customer);
        members.register(customer, owner.email, owner.name, owner.externalId, Member.OWNER);
        return customer;
    }

    UUID announce(Customer customer) {
        emissions.emit("member.created", payloads.member(state.ownerOf(customer.id).id()));
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

    /// The customer with this e-mail; upper and lower case are the same.
    Optional<Customer> withEmail(String email) {
        return state.customers.values().stream()
                .filter(customer -> customer.deletedAt == null && email.equalsIgnoreCase(customer.email))
                .findFirst();
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

    /// A known customer has confirmed a checkout, which has the newest billing details: `customer.updated`,
    /// `customer.state_changed`.
    void updateByCheckout(Customer customer) {
        emitUpdate(customer.id);
    }

    /// `member.deleted` for each member, `customer.deleted`, `customer.state_changed`. Polar's jobs then end the
    /// customer's subscriptions (`subscription.updated`, `.canceled`, `.revoked` for each), seats
    /// (`customer_seat.revoked`) and grants (`benefit_grant.revoked`), and emit `customer.state_changed` again; the
    /// state before still has them. Polar keeps the external id in the metadata.
    public void delete(UUID id) {
        delete(id, false);
    }

    /// As [#delete(UUID)]; if wanted, nothing that is told of it names the person.
    public void delete(UUID id, boolean anonymize) {
        Customer customer = SimulatedState.find(state.customers, id);
        if (customer.deletedAt != null) {
            throw new IllegalStateException("the customer is already deleted");
        }
        customer.deletedAt = emissions.next();
        customer.modifiedAt = customer.deletedAt;
        if (anonymize) {
            anonymize(customer);
        }
        if (customer.externalId != null) {
            customer.metadata = new TreeMap<>(customer.metadata);
            customer.metadata.put("__external_id", customer.externalId);
        }
        members.of(id).forEach(members::delete);
        emissions.emit("customer.deleted", payloads.customer(id));
        grants.emit(grants.snapshot(id));
        boolean subscribed = subscriptions.endAllOf(id);
        boolean granted = grants.revokeAll(grant -> grant.customerId.equals(id));
        if (subscribed || granted) {
            grants.emitState(id);
        }
    }

    /// Records usage on the meter of the scenarios: `customer.state_changed`.
    public void consume(UUID customer, double units) {
        CustomerMeter meter = state.meters.values().stream()
                .filter(known -> known.customerId().equals(customer)
                        && known.meterId().equals(Meters.ofScenarios(state, emissions)))
                .findFirst()
                .orElseGet(() -> newMeter(SimulatedState.find(state.customers, customer)));
        state.meters.put(meter.id(), meter.consumed(units, emissions.next()));
        grants.emitState(customer);
    }

    /// `member.created`
    public UUID addMember(UUID customer, String email) {
        return members.create(customer, email).id();
    }

    /// `member.updated`
    public void renameMember(UUID id, String name) {
        members.rename(id, name);
    }

    /// `member.deleted`; then `customer_seat.revoked` for each of its seats, `benefit_grant.revoked` for each of its
    /// grants, and, if it had one, `customer.state_changed`. The owner cannot be removed.
    public void removeMember(UUID id) {
        Member member = SimulatedState.find(state.members, id);
        if (member.role().equals(Member.OWNER) || member.deletedAt() != null) {
            throw new IllegalStateException("a customer's owner cannot be removed, and no member twice");
        }
        members.delete(member);
        seats.revokeAllOf(member);
        if (grants.revokeAll(grant -> grant.memberId.equals(id))) {
            grants.emitState(member.customerId());
        }
    }

    /// The external id, a tax id, and the name that belongs to it remain: invoices need them.
    private static void anonymize(Customer customer) {
        customer.email = customer.email == null ? null : hash(customer.email) + "@anonymized.invalid";
        if (customer.taxId == null) {
            customer.name = customer.name == null ? null : hash(customer.name);
        }
        customer.billingName = customer.billingName == null ? null : hash(customer.billingName);
        customer.billingAddress = null;
        customer.avatarUrl = null;
    }

    private static String hash(String value) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java platform has SHA-256", e);
        }
    }

    private CustomerMeter newMeter(Customer customer) {
        UUID meter = Meters.ofScenarios(state, emissions);
        return new CustomerMeter(emissions.newId(), emissions.next(), null, customer.id, meter, 0, 0, 0);
    }

    /// `customer.updated`, `customer.state_changed`.
    void emitUpdate(UUID id) {
        SimulatedState.find(state.customers, id).modifiedAt = emissions.next();
        emissions.emit("customer.updated", payloads.customer(id));
        grants.emit(grants.snapshot(id));
    }

    /// The first member of a customer.
    record Owner(String email, String name, String externalId) {}
}
