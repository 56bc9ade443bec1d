package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// Customers and the people in them.
public final class Customers {

    private static final Customer.Address ADDRESS = new Customer.Address(null, null, "08001", "Barcelona", null, "ES");

    private final World world;
    private final Payloads payloads;
    private final Emissions emissions;
    private final Subscriptions subscriptions;
    private final Grants grants;

    Customers(World world, Payloads payloads, Emissions emissions, Subscriptions subscriptions, Grants grants) {
        this.world = world;
        this.payloads = payloads;
        this.emissions = emissions;
        this.subscriptions = subscriptions;
        this.grants = grants;
    }

    /// `customer.created`, `customer.state_changed`. `externalId` (ours) may be null: Polar leaves it so when the
    /// buyer's address was known to it already.
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
        customer.organizationId = world.merchant.id();
        customer.avatarUrl = "https://avatars.example/" + customer.id;
        world.customers.put(customer.id, customer);
        add(customer, customer.email, customer.name, Member.OWNER);
        emissions.emit("customer.created", payloads.customer(customer.id));
        grants.tell(grants.snapshot(customer.id));
        return customer.id;
    }

    /// The customers that stand for one of our organizations, oldest first.
    public List<UUID> of(String externalId) {
        return world.customers.values().stream()
                .filter(customer -> customer.deletedAt == null && Objects.equals(customer.externalId, externalId))
                .map(customer -> customer.id)
                .toList();
    }

    /// As [#of(String)], with those that were deleted.
    List<UUID> everOf(String externalId) {
        return world.customers.values().stream()
                .filter(customer -> Objects.equals(customer.externalId, externalId))
                .map(customer -> customer.id)
                .toList();
    }

    /// `customer.updated`, `customer.state_changed`.
    public void setExternalId(UUID id, String externalId) {
        World.find(world.customers, id).externalId = externalId;
        tellUpdate(id);
    }

    /// `customer.updated`, `customer.state_changed`.
    public void rename(UUID id, String name) {
        World.find(world.customers, id).name = name;
        tellUpdate(id);
    }

    /// Ends what the customer has (`subscription.updated`, `.canceled`, `.revoked` for each subscription, then
    /// `benefit_grant.revoked` for each grant), then `customer.deleted`, `customer.state_changed`. Polar keeps the
    /// external id in the metadata.
    public void delete(UUID id) {
        Customer customer = World.find(world.customers, id);
        if (customer.deletedAt != null) {
            throw new IllegalStateException("the customer is deleted already");
        }
        Instant now = emissions.next();
        subscriptions.endAllOf(id);
        grants.revokeAll(id);
        customer.deletedAt = now;
        if (customer.externalId != null) {
            customer.metadata = Map.of("__external_id", customer.externalId);
        }
        emissions.emit("customer.deleted", payloads.customer(id));
        grants.tell(grants.snapshot(id));
    }

    /// The customer has used something that is metered (there is one meter): `customer.state_changed`.
    public void consume(UUID customer, double units) {
        CustomerMeter meter = world.meters.values().stream()
                .filter(known -> known.customerId().equals(customer))
                .findFirst()
                .orElseGet(() -> newMeter(World.find(world.customers, customer)));
        world.meters.put(meter.id(), meter.consumed(units, emissions.next()));
        grants.tellState(customer);
    }

    /// `member.created`
    public UUID addMember(UUID customer, String email) {
        Member member = add(World.find(world.customers, customer), email, null, "member");
        emissions.emit("member.created", payloads.member(member.id()));
        return member.id();
    }

    /// `member.updated`
    public void renameMember(UUID id, String name) {
        Member old = World.find(world.members, id);
        world.members.put(id, new Member(
                id, old.createdAt(), emissions.next(), old.customerId(), old.email(), name, old.externalId(),
                old.role()));
        emissions.emit("member.updated", payloads.member(id));
    }

    /// `member.deleted`; an owner stays.
    public void removeMember(UUID id) {
        if (World.find(world.members, id).role().equals(Member.OWNER)) {
            throw new IllegalStateException("a customer keeps its owner");
        }
        emissions.emit("member.deleted", payloads.member(id));
        world.members.remove(id);
    }

    private Member add(Customer customer, String email, String name, String role) {
        Member member = new Member(
                emissions.newId(), emissions.next(), null, customer.id, email, name, null, role);
        world.members.put(member.id(), member);
        return member;
    }

    private CustomerMeter newMeter(Customer customer) {
        UUID meter = world.meters.values().stream()
                .map(CustomerMeter::meterId)
                .findFirst()
                .orElseGet(emissions::newId);
        return new CustomerMeter(emissions.newId(), emissions.next(), null, customer.id, meter, 0, 0, 0);
    }

    private void tellUpdate(UUID id) {
        World.find(world.customers, id).modifiedAt = emissions.next();
        emissions.emit("customer.updated", payloads.customer(id));
        grants.tell(grants.snapshot(id));
    }
}
