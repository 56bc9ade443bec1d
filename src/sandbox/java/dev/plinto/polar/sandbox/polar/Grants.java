package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Benefit grants, and the customer snapshots that list them all.
///
/// A revoked grant that is granted again keeps its id, and is emitted as `benefit_grant.created` again.
public final class Grants {

    private final SimulatedState state;
    private final Payloads payloads;
    private final Emissions emissions;
    private final MeterCredits credits;

    Grants(SimulatedState state, Payloads payloads, Emissions emissions) {
        this.state = state;
        this.payloads = payloads;
        this.emissions = emissions;
        credits = new MeterCredits(state, emissions);
    }

    /// Polar's current state: the ids of the customer's live grants, oldest first.
    public Set<UUID> live(UUID customer) {
        return state.grants.values().stream()
                .filter(grant -> grant.isGranted && grant.customerId.equals(customer))
                .map(grant -> grant.id)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// Polar's current state: the benefits for which the customer has a live grant.
    public Set<UUID> benefitsOf(UUID customer) {
        return live(customer).stream()
                .map(grant -> state.grants.get(grant).benefitId)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// Grants a benefit manually, without a purchase: `benefit_grant.created`, `customer.state_changed`.
    public UUID give(UUID customer, UUID benefit) {
        waitForJob();
        Grant grant = grant(SimulatedState.find(state.customers, customer).id, null, null, benefit);
        emitState(customer);
        return grant.id;
    }

    /// Grants each benefit to each of these members, as to the seats of a team: `benefit_grant.created` for each, one
    /// `customer.state_changed`.
    ///
    /// @param subscription that has the seats, or null
    /// @return the grants
    public List<UUID> giveEach(UUID customer, UUID subscription, List<UUID> members, List<UUID> benefits) {
        waitForJob();
        List<UUID> given = members.stream()
                .flatMap(member -> benefits.stream()
                        .map(benefit -> grant(customer, subscription, null, member, benefit)))
                .map(grant -> grant.id)
                .toList();
        emitState(customer);
        return given;
    }

    /// Grants revoked ones again: `benefit_grant.created` for each, one `customer.state_changed`.
    public void giveAgain(UUID customer, Collection<UUID> grants) {
        waitForJob();
        grants.forEach(id -> setGranted(SimulatedState.find(state.grants, id)));
        emitState(customer);
    }

    /// Revokes grants of a customer: `benefit_grant.revoked` for each, one `customer.state_changed`.
    public void revoke(UUID customer, Collection<UUID> grants) {
        grants.forEach(id -> revoke(SimulatedState.find(state.grants, id)));
        emitState(customer);
    }

    /// Revokes a grant of any source: `benefit_grant.revoked`, `customer.state_changed`.
    public void revoke(UUID grant) {
        Grant revoked = SimulatedState.find(state.grants, grant);
        revoke(revoked);
        emitState(revoked.customerId);
    }

    /// A grant that waits for the customer to act (`is_granted` is false): `benefit_grant.created`,
    /// `customer.state_changed`.
    public UUID giveNeedingAction(UUID customer, UUID benefit) {
        Grant grant = create(customer, null, null, state.ownerOf(customer).id(), benefit);
        grant.error = new Grant.Failure("The customer must connect an account first.", "BenefitActionRequiredError",
                emissions.next());
        emissions.emit("benefit_grant.created", payloads.grant(grant));
        emitState(customer);
        return grant.id;
    }

    /// The customer has acted: `benefit_grant.updated` with `is_granted`, `customer.state_changed`.
    public void complete(UUID id) {
        Grant grant = SimulatedState.find(state.grants, id);
        grant.modifiedAt = emissions.next();
        setGranted(grant, emissions.next());
        emissions.emit("benefit_grant.updated", payloads.grant(grant));
        emitState(grant.customerId);
    }

    /// Emits the customer's current state: `customer.state_changed`.
    public void emitState(UUID customer) {
        Snapshot snapshot = snapshot(customer);
        emissions.advance(Duration.ofSeconds(1), Duration.ofSeconds(3));
        emit(snapshot);
    }

    /// Polar builds a snapshot before it stamps and sends it; changes in between are not in it. Make few changes
    /// between this and [#emit(Snapshot)]: real snapshots are a few seconds old at most.
    public Snapshot snapshot(UUID customer) {
        return new Snapshot(payloads.state(customer));
    }

    /// `customer.state_changed`, stamped now.
    public void emit(Snapshot snapshot) {
        emissions.emit("customer.state_changed", snapshot.data().deepCopy());
    }

    /// Aligns the grants of a subscription with its status and product. Benefits that the product lacks are revoked
    /// before new ones are granted.
    void align(Subscription subscription) {
        Product product = SimulatedState.find(state.products, subscription.productId);
        boolean entitled = subscription.status.grantsBenefits();
        setBenefits(subscription.customerId, subscription.id, null, entitled ? product.benefitIds() : List.of());
    }

    void align(Order order, boolean entitled) {
        Product product = SimulatedState.find(state.products, order.productId);
        setBenefits(order.customerId, null, order.id, entitled ? product.benefitIds() : List.of());
    }

    /// Gives the member of a claimed seat the benefits of the subscription's product, and no other.
    void align(Subscription subscription, UUID member) {
        List<UUID> benefits = SimulatedState.find(state.products, subscription.productId).benefitIds();
        waitForJob();
        List<Grant> live = liveIn(subscription.customerId, subscription.id, null)
                .filter(grant -> grant.memberId.equals(member))
                .toList();
        live.stream().filter(grant -> !benefits.contains(grant.benefitId)).forEach(this::revoke);
        benefits.stream()
                .filter(benefit -> live.stream().noneMatch(grant -> grant.benefitId.equals(benefit)))
                .forEach(benefit -> grant(subscription.customerId, subscription.id, null, member, benefit));
    }

    /// Whether an action changes which grants of the customer are live.
    boolean changes(UUID customer, Runnable action) {
        Set<UUID> before = live(customer);
        action.run();
        return !before.equals(live(customer));
    }

    /// A new period has begun: `benefit_grant.cycled` for each live grant that continues.
    void cycle(Subscription subscription) {
        List<UUID> benefits = SimulatedState.find(state.products, subscription.productId).benefitIds();
        liveIn(subscription.customerId, subscription.id, null)
                .filter(grant -> benefits.contains(grant.benefitId))
                .forEach(grant -> {
                    grant.modifiedAt = emissions.next();
                    credits.cycled(grant);
                    emissions.emit("benefit_grant.cycled", payloads.grant(grant));
                });
    }

    /// The benefit was changed: `benefit_grant.updated` for each live grant, `customer.state_changed`.
    void update(UUID benefit) {
        List<Grant> live = state.grants.values().stream()
                .filter(grant -> grant.isGranted && grant.benefitId.equals(benefit))
                .toList();
        live.forEach(grant -> {
            grant.modifiedAt = emissions.next();
            emissions.emit("benefit_grant.updated", payloads.grant(grant));
        });
        live.stream().map(grant -> grant.customerId).distinct().forEach(this::emitState);
    }

    /// Ends these of the live grants: `benefit_grant.revoked` for each.
    ///
    /// @return whether there was one
    boolean revokeAll(Predicate<Grant> which) {
        List<Grant> live = state.grants.values().stream()
                .filter(grant -> grant.isGranted && which.test(grant))
                .toList();
        live.forEach(this::revoke);
        return !live.isEmpty();
    }

    private void setBenefits(UUID customer, UUID subscription, UUID order, List<UUID> benefits) {
        waitForJob();
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
        return grant(customer, subscription, order, state.ownerOf(customer).id(), benefit);
    }

    /// `benefit_grant.created`, also if it is granted already.
    Grant grant(UUID customer, UUID subscription, UUID order, UUID member, UUID benefit) {
        Grant grant = state.grants.values().stream()
                .filter(known -> known.isFor(customer, subscription, order) && known.memberId.equals(member)
                        && known.benefitId.equals(benefit))
                .findFirst()
                .orElseGet(() -> create(customer, subscription, order, member, benefit));
        setGranted(grant);
        return grant;
    }

    private void setGranted(Grant grant) {
        Instant now = emissions.next();
        if (grant.isRevoked) {
            grant.modifiedAt = now;
        }
        setGranted(grant, now);
        credits.granted(grant);
        emissions.emit("benefit_grant.created", payloads.grant(grant));
    }

    private Grant create(UUID customer, UUID subscription, UUID order, UUID member, UUID benefit) {
        Grant grant = new Grant();
        grant.id = emissions.newId();
        grant.createdAt = emissions.next();
        grant.subscriptionId = subscription;
        grant.orderId = order;
        grant.customerId = customer;
        grant.memberId = member;
        grant.benefitId = benefit;
        state.grants.put(grant.id, grant);
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
        return state.grants.values().stream()
                .filter(grant -> grant.isGranted && grant.isFor(customer, subscription, order));
    }

    /// Polar grants and revokes in a job that runs after the change.
    private void waitForJob() {
        emissions.advance(Duration.ofMillis(300), Duration.ofMillis(1_500));
    }

    /// A customer with its subscriptions and grants at the time when this was built.
    public record Snapshot(ObjectNode data) {}
}
