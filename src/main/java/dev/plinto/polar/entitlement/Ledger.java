package dev.plinto.polar.entitlement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// What is known of Polar's objects, all of them or the part that a batch of events concerns, and what each event
/// changes about it. Applying the same events in any order, some of them repeatedly, ends in the same ledger.
///
/// A ledger that holds a part must hold, for each object that its events state something about: the customers concerned
/// (also the owners of the subscriptions and orders concerned), all subscriptions of these customers, all grants held by
/// them or scoped on their subscriptions and orders, and whatever those grants are scoped on and held by.
public final class Ledger {

    private final Map<Id, TrackedObject> known = new HashMap<>();
    private final Set<Id> changed = new HashSet<>();
    /// As outsiders were last told.
    private final Map<Id.Subscription, SubscriptionState> states = new HashMap<>();
    private final Map<Id.Grant, Holding> holdings = new HashMap<>();

    private final Map<Id.Customer, Set<Id>> scopesOfCustomer = new HashMap<>();
    private final Map<Id, Set<Id.Grant>> grantsUnder = new HashMap<>();

    /// What an event did: whether it was news at all, and what became visible by it.
    public record Applied(boolean news, List<SubscriptionChange> subscriptions, List<GrantMove> grants) {}

    /// A subscription's published state. `before` is null when it was never published.
    public record SubscriptionChange(SubscriptionState before, SubscriptionState after) {}

    /// A grant that came to life, ended, changed its looks or its account. Null stands for not being live.
    public record GrantMove(Holding before, Holding after) {}

    /// Puts back what was stored.
    public void recall(TrackedObject object) {
        known.put(object.id(), object);
        index(object);
    }

    /// Puts back what outsiders were last told of a subscription.
    public void recall(SubscriptionState published) {
        states.put(published.subscription().id(), published);
    }

    /// Puts back what outsiders were last told of a grant.
    public void recall(Holding published) {
        holdings.put(published.grant().id(), published);
    }

    public Applied apply(Event event) {
        Set<Id> touched = new LinkedHashSet<>();
        event.statements().forEach(statement -> {
            if (merge(statement)) {
                touched.add(statement.id());
            }
        });
        changed.addAll(touched);
        Set<Id> affected = affectedBy(touched);
        return new Applied(!touched.isEmpty(), tellSubscriptions(affected), tellGrants(affected));
    }

    /// The objects that differ from what was recalled.
    public Collection<TrackedObject> changed() {
        return changed.stream().map(known::get).toList();
    }

    public Collection<TrackedObject> all() {
        return known.values();
    }

    public Optional<TrackedObject> known(Id id) {
        return Optional.ofNullable(known.get(id));
    }

    /// Empty while the grant is not live.
    public Optional<Holding> holding(Id.Grant grant) {
        return Optional.ofNullable(holdings.get(grant));
    }

    public Optional<SubscriptionState> state(Id.Subscription subscription) {
        return Optional.ofNullable(states.get(subscription));
    }

    private boolean merge(TrackedObject statement) {
        if (statement.facts().isEmpty()) {
            return false;
        }
        TrackedObject before = known.get(statement.id());
        TrackedObject after = before == null ? statement : before.with(before.facts().merge(statement.facts()));
        known.put(after.id(), after);
        index(after);
        return before == null || !after.facts().equals(before.facts());
    }

    private void index(TrackedObject object) {
        switch (object) {
            case Scope scope -> scope.customer().ifPresent(customer -> scopesOfCustomer
                    .computeIfAbsent(customer, key -> new LinkedHashSet<>()).add(object.id()));
            case Grant grant -> {
                grantsUnder(grant.customer()).add(grant.id());
                grant.subscription().ifPresent(scope -> grantsUnder(scope).add(grant.id()));
                grant.order().ifPresent(scope -> grantsUnder(scope).add(grant.id()));
            }
            case Customer customer -> {}
            case Product product -> {}
            case Benefit benefit -> {}
        }
    }

    private Set<Id.Grant> grantsUnder(Id holderOrScope) {
        return grantsUnder.computeIfAbsent(holderOrScope, key -> new LinkedHashSet<>());
    }

    /// What may look different after these objects changed: they themselves, what belongs to a customer, and the grants
    /// below either.
    private Set<Id> affectedBy(Set<Id> touched) {
        Set<Id> affected = new LinkedHashSet<>(touched);
        for (Id id : touched) {
            if (id instanceof Id.Customer customer) {
                affected.addAll(scopesOfCustomer.getOrDefault(customer, Set.of()));
            }
        }
        for (Id id : List.copyOf(affected)) {
            affected.addAll(grantsUnder.getOrDefault(id, Set.of()));
        }
        return affected;
    }

    private List<SubscriptionChange> tellSubscriptions(Set<Id> affected) {
        List<SubscriptionChange> changes = new ArrayList<>();
        for (Id id : affected) {
            if (known.get(id) instanceof Subscription subscription) {
                SubscriptionState after = new SubscriptionState(subscription, account(subscription));
                SubscriptionState before = states.put(subscription.id(), after);
                if (!after.looksLike(before)) {
                    changes.add(new SubscriptionChange(before, after));
                }
            }
        }
        return changes;
    }

    private List<GrantMove> tellGrants(Set<Id> affected) {
        List<GrantMove> moves = new ArrayList<>();
        for (Id id : affected) {
            if (known.get(id) instanceof Grant grant) {
                Holding after = grant.isLive(customer(grant.customer())) ? new Holding(account(grant), grant) : null;
                Holding before = after == null ? holdings.remove(grant.id()) : holdings.put(grant.id(), after);
                if (!Objects.equals(before, after)) {
                    moves.add(new GrantMove(before, after));
                    changed.add(grant.id());
                }
            }
        }
        return moves;
    }

    /// A grant belongs to the account of its subscription or order, else of its customer.
    private Account account(Grant grant) {
        Optional<Account> ofSubscription = grant.subscription().flatMap(this::accountOfScope);
        return ofSubscription
                .or(() -> grant.order().flatMap(this::accountOfScope))
                .orElseGet(() -> customer(grant.customer()).account());
    }

    private Optional<Account> accountOfScope(Id id) {
        return known.get(id) instanceof Scope scope && scope.customer().isPresent()
                ? Optional.of(account(scope))
                : Optional.empty();
    }

    /// A subscription or order belongs to the organization in its own metadata, else to its customer's.
    private Account account(Scope scope) {
        return scope.ownAccount().orElseGet(() -> customer(scope.customer().orElseThrow()).account());
    }

    private Customer customer(Id.Customer id) {
        return known.get(id) instanceof Customer customer ? customer : new Customer(id, Facts.NONE);
    }
}
