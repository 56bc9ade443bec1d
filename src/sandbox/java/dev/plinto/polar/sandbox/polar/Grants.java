package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Benefit grants, and the snapshots of a customer that tell them all at once.
///
/// A grant that was revoked and is given again keeps its id, and is told as `benefit_grant.created` again.
public final class Grants {

    private final World world;
    private final Payloads payloads;
    private final Emissions emissions;

    Grants(World world, Payloads payloads, Emissions emissions) {
        this.world = world;
        this.payloads = payloads;
        this.emissions = emissions;
    }

    /// What Polar holds to be true: the ids of the customer's live grants, oldest first.
    public Set<UUID> live(UUID customer) {
        return world.grants.values().stream()
                .filter(grant -> grant.isGranted && grant.customerId.equals(customer))
                .map(grant -> grant.id)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// What Polar holds to be true: the benefits that the customer has by one live grant or more.
    public Set<UUID> benefitsOf(UUID customer) {
        return live(customer).stream()
                .map(grant -> world.grants.get(grant).benefitId)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// A benefit given by hand, out of no purchase: `benefit_grant.created`, `customer.state_changed`.
    public UUID give(UUID customer, UUID benefit) {
        pause();
        Grant grant = grant(World.find(world.customers, customer).id, null, null, benefit);
        tellState(customer);
        return grant.id;
    }

    /// Whatever it was granted for: `benefit_grant.revoked`, `customer.state_changed`.
    public void revoke(UUID grant) {
        Grant revoked = World.find(world.grants, grant);
        revoke(revoked);
        tellState(revoked.customerId);
    }

    /// A grant that waits for the customer to act (`is_granted` is false): `benefit_grant.created`,
    /// `customer.state_changed`.
    public UUID giveNeedingAction(UUID customer, UUID benefit) {
        Grant grant = create(customer, null, null, benefit);
        grant.error = new Grant.Failure("The customer must connect an account first.", "BenefitActionRequiredError",
                emissions.next());
        emissions.emit("benefit_grant.created", payloads.grant(grant));
        tellState(customer);
        return grant.id;
    }

    /// The customer has acted: `benefit_grant.updated` with `is_granted`, `customer.state_changed`.
    public void complete(UUID id) {
        Grant grant = World.find(world.grants, id);
        grant.modifiedAt = emissions.next();
        setGranted(grant, emissions.next());
        emissions.emit("benefit_grant.updated", payloads.grant(grant));
        tellState(grant.customerId);
    }

    /// Tells what the customer has now: `customer.state_changed`.
    public void tellState(UUID customer) {
        Snapshot snapshot = snapshot(customer);
        emissions.pass(Duration.ofSeconds(1), Duration.ofSeconds(3));
        tell(snapshot);
    }

    /// Polar builds a snapshot somewhat before it stamps and sends it; what happens in between is not in it.
    /// Between this and [#tell(Snapshot)] only little may happen: real snapshots are a few seconds old at most.
    public Snapshot snapshot(UUID customer) {
        return new Snapshot(payloads.state(customer));
    }

    /// `customer.state_changed`, stamped now.
    public void tell(Snapshot snapshot) {
        emissions.emit("customer.state_changed", snapshot.data().deepCopy());
    }

    /// Brings the grants of a subscription in line with its status and product. What the product does not have (any
    /// more) goes first; only then comes what is new.
    void follow(Subscription subscription) {
        Product product = World.find(world.products, subscription.productId);
        boolean entitled = subscription.status.grantsBenefits();
        settle(subscription.customerId, subscription.id, null, entitled ? product.benefitIds() : List.of());
    }

    void follow(Order order, boolean entitled) {
        Product product = World.find(world.products, order.productId);
        settle(order.customerId, null, order.id, entitled ? product.benefitIds() : List.of());
    }

    /// A new period has begun: `benefit_grant.cycled` for each live grant that goes on.
    void cycle(Subscription subscription) {
        List<UUID> benefits = World.find(world.products, subscription.productId).benefitIds();
        liveIn(subscription.customerId, subscription.id, null)
                .filter(grant -> benefits.contains(grant.benefitId))
                .forEach(grant -> {
                    grant.modifiedAt = emissions.next();
                    emissions.emit("benefit_grant.cycled", payloads.grant(grant));
                });
    }

    /// The benefit was changed: `benefit_grant.updated` for each live grant, `customer.state_changed`.
    void update(UUID benefit) {
        List<Grant> live = world.grants.values().stream()
                .filter(grant -> grant.isGranted && grant.benefitId.equals(benefit))
                .toList();
        live.forEach(grant -> {
            grant.modifiedAt = emissions.next();
            emissions.emit("benefit_grant.updated", payloads.grant(grant));
        });
        live.stream().map(grant -> grant.customerId).distinct().forEach(this::tellState);
    }

    /// Ends whatever the customer still has: `benefit_grant.revoked` for each.
    void revokeAll(UUID customer) {
        world.grants.values().stream()
                .filter(grant -> grant.isGranted && grant.customerId.equals(customer))
                .forEach(this::revoke);
    }

    private void settle(UUID customer, UUID subscription, UUID order, List<UUID> benefits) {
        pause();
        liveIn(customer, subscription, order)
                .filter(grant -> !benefits.contains(grant.benefitId))
                .forEach(this::revoke);
        Set<UUID> kept = liveIn(customer, subscription, order)
                .map(grant -> grant.benefitId)
                .collect(Collectors.toSet());
        benefits.stream()
                .filter(benefit -> !kept.contains(benefit))
                .forEach(benefit -> grant(customer, subscription, order, benefit));
    }

    private Grant grant(UUID customer, UUID subscription, UUID order, UUID benefit) {
        Grant grant = world.grants.values().stream()
                .filter(known -> known.isFor(customer, subscription, order) && known.benefitId.equals(benefit))
                .findFirst()
                .orElseGet(() -> create(customer, subscription, order, benefit));
        Instant now = emissions.next();
        if (grant.isRevoked) {
            grant.modifiedAt = now;
        }
        setGranted(grant, now);
        emissions.emit("benefit_grant.created", payloads.grant(grant));
        return grant;
    }

    private Grant create(UUID customer, UUID subscription, UUID order, UUID benefit) {
        Grant grant = new Grant();
        grant.id = emissions.newId();
        grant.createdAt = emissions.next();
        grant.subscriptionId = subscription;
        grant.orderId = order;
        grant.customerId = customer;
        grant.memberId = world.ownerOf(customer).id();
        grant.benefitId = benefit;
        world.grants.put(grant.id, grant);
        return grant;
    }

    private static void setGranted(Grant grant, Instant at) {
        grant.isGranted = true;
        grant.grantedAt = at;
        grant.isRevoked = false;
        grant.revokedAt = null;
        grant.error = null;
    }

    private void revoke(Grant grant) {
        Instant now = emissions.next();
        grant.modifiedAt = now;
        grant.isGranted = false;
        grant.grantedAt = null;
        grant.isRevoked = true;
        grant.revokedAt = now;
        emissions.emit("benefit_grant.revoked", payloads.grant(grant));
    }

    private Stream<Grant> liveIn(UUID customer, UUID subscription, UUID order) {
        return world.grants.values().stream()
                .filter(grant -> grant.isGranted && grant.isFor(customer, subscription, order));
    }

    /// Grants are given and revoked by a job that runs after the change it follows from.
    private void pause() {
        emissions.pass(Duration.ofMillis(300), Duration.ofMillis(1_500));
    }

    /// A customer with its subscriptions and grants as they were when this was built.
    public record Snapshot(ObjectNode data) {}
}
