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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is known of Polar's objects (all of them, or the part that a batch of events concerns), and what each event
/// changes. Applying the same events in any order, some of them repeatedly, ends in the same ledger.
///
/// A partial ledger must hold, for each object in a statement of its events: the customers concerned (including the
/// owners of the subscriptions and orders concerned), all subscriptions of these customers, all grants of theirs or
/// through their subscriptions and orders, and the customers, subscriptions and orders of those grants. For the
/// [derived grants][DerivedGrants]: the products of all subscriptions and orders in it or in a statement whose provider
/// tells no grants, and of each product the benefits that it lists, as stored or in a statement. What a changed
/// [reference][Reference#decidesAs] means for subscriptions and orders that are not in the ledger, the caller must
/// decide afterwards ([#decideAgain]).
public final class Ledger {

    private final Map<Id, TrackedObject> objects = new HashMap<>();
    private final Set<Id> changed = new HashSet<>();
    /// As last published.
    private final Map<Id.Subscription, SubscriptionState> states = new HashMap<>();
    private final Map<Id.Grant, Holding> holdings = new HashMap<>();

    private final Map<Id.Customer, Set<Id>> scopesOfCustomer = new HashMap<>();
    private final Map<Id, Set<Id.Grant>> grantsUnder = new HashMap<>();
    private final DerivedGrants derivedGrants = new DerivedGrants(objects::get);
    private final Set<Id.Grant> forgotten = new HashSet<>();

    /// The effect of an event: whether it changed any fact, whether it denied one that cannot end, and what must be
    /// published.
    ///
    public record Applied(boolean changedFacts, boolean deniedFacts, List<SubscriptionChange> subscriptions,
            List<GrantMove> grants) {}

    /// A change of a subscription's published state. `before` is null if it was never published.
    public record SubscriptionChange(@Nullable SubscriptionState before, SubscriptionState after) {}

    /// A grant that became live, ended, or changed its facts or account. Null means that it is not live.
    public record GrantMove(@Nullable Holding before, @Nullable Holding after) {}

    /// Adds a stored object.
    public void load(TrackedObject object) {
        objects.put(object.id(), object);
        index(object);
    }

    /// Adds the last published state of a subscription.
    public void load(SubscriptionState published) {
        states.put(published.subscription().id(), published);
    }

    /// Adds a grant that was live when it was stored.
    public void load(Holding published) {
        holdings.put(published.grant().id(), published);
    }

    public Applied apply(Event event) {
        Set<Id> touched = new LinkedHashSet<>();
        Set<Id> decisive = new LinkedHashSet<>();
        boolean denied = false;
        for (TrackedObject statement : event.statements()) {
            TrackedObject before = find(statement.id()).orElseGet(() -> statement.with(Facts.NONE));
            denied |= statement.facts().denies(before.facts());
            if (merge(statement)) {
                touched.add(statement.id());
                if (decidesOtherwise(before, Objects.requireNonNull(objects.get(statement.id())))) {
                    decisive.add(statement.id());
                }
            }
        }
        changed.addAll(touched);
        Set<Id.Product> redefined = derivedGrants.redefinedBy(decisive);
        Set<Id> affected = affectedBy(touched, decisive);
        affected.addAll(derive(Stream.concat(touched.stream(), derivedGrants.scopesOf(redefined))));
        return new Applied(!touched.isEmpty(), denied, changedSubscriptions(affected), changedGrants(affected));
    }

    /// Applies the rules to what is known, without an event: what differs was decided by other rules, or by what a
    /// product or a benefit was before.
    public Applied decideAgain() {
        Set<Id> all = new LinkedHashSet<>(objects.keySet());
        all.addAll(derive(Set.copyOf(all).stream()));
        return new Applied(false, false, changedSubscriptions(all), changedGrants(all));
    }

    /// The objects that differ from those loaded.
    public Collection<TrackedObject> changed() {
        return changed.stream().map(objects::get).toList();
    }

    /// The derived grants that are not known any more. None of them may stay stored.
    public Set<Id.Grant> forgotten() {
        return Set.copyOf(forgotten);
    }

    public Collection<TrackedObject> all() {
        return objects.values();
    }

    public Optional<TrackedObject> find(Id id) {
        return Optional.ofNullable(objects.get(id));
    }

    /// Empty while the grant is not live.
    public Optional<Holding> holding(Id.Grant grant) {
        return Optional.ofNullable(holdings.get(grant));
    }

    public Optional<SubscriptionState> state(Id.Subscription subscription) {
        return Optional.ofNullable(states.get(subscription));
    }

    private boolean merge(TrackedObject statement) {
        if (statement.facts().isEmpty() || DerivedGrants.has(statement.id())) {
            return false;
        }
        TrackedObject before = objects.get(statement.id());
        TrackedObject after = before == null ? statement : before.with(before.facts().merge(statement.facts()));
        objects.put(after.id(), after);
        index(after);
        return before == null || !after.facts().equals(before.facts());
    }

    private void index(TrackedObject object) {
        switch (object) {
            case Scope scope -> {
                scope.customer().ifPresent(customer -> scopesOfCustomer
                        .computeIfAbsent(customer, key -> new LinkedHashSet<>()).add(scope.id()));
                derivedGrants.index(scope);
            }
            case Grant grant -> {
                grantsUnder(grant.customer()).add(grant.id());
                grant.subscription().ifPresent(scope -> grantsUnder(scope).add(grant.id()));
                grant.order().ifPresent(scope -> grantsUnder(scope).add(grant.id()));
            }
            case Customer customer -> {}
            case Product product -> derivedGrants.index(product);
            case Reference reference -> {}
        }
    }

    private Set<Id.Grant> grantsUnder(Id customerOrScope) {
        return grantsUnder.computeIfAbsent(customerOrScope, key -> new LinkedHashSet<>());
    }

    /// Whether a change may matter for the objects that depend on this one. Most do not, such as a newer copy of a
    /// customer in each event, and thousands of grants may depend on it.
    private static boolean decidesOtherwise(TrackedObject before, TrackedObject after) {
        return switch (before) {
            case Customer customer -> !customer.decidesAs((Customer) after);
            case Scope scope -> !scope.customer().equals(((Scope) after).customer())
                    || !scope.ownAccount().equals(((Scope) after).ownAccount());
            case Reference reference -> !reference.decidesAs((Reference) after);
            case Grant grant -> false;
        };
    }

    /// The objects whose published state may differ: those that were touched, and of those that decide otherwise the
    /// subscriptions and orders of a customer, and the grants under any of these.
    private Set<Id> affectedBy(Set<Id> touched, Set<Id> decisive) {
        Set<Id> deciding = new LinkedHashSet<>(decisive);
        for (Id id : decisive) {
            if (id instanceof Id.Customer customer) {
                deciding.addAll(scopesOfCustomer.getOrDefault(customer, Set.of()));
            }
        }
        Set<Id> affected = new LinkedHashSet<>(touched);
        affected.addAll(deciding);
        for (Id id : deciding) {
            affected.addAll(grantsUnder.getOrDefault(id, Set.of()));
        }
        return affected;
    }

    /// @param  ids of which those of subscriptions and orders count
    /// @return the derived grants that are another thing than before, or are not any more
    private Set<Id> derive(Stream<Id> ids) {
        Set<Id> differing = new LinkedHashSet<>();
        ids.forEach(id -> {
            if (objects.get(id) instanceof Scope scope) {
                List<Grant> derived = derivedGrants.of(scope);
                Set<Id> kept = derived.stream().map(Grant::id).collect(Collectors.toSet());
                grantsUnder.getOrDefault(id, Set.of()).stream()
                        .filter(DerivedGrants::has)
                        .filter(grant -> !kept.contains(grant) && objects.remove(grant) != null)
                        .forEach(grant -> {
                            changed.remove(grant);
                            forgotten.add(grant);
                            differing.add(grant);
                        });
                for (Grant grant : derived) {
                    if (!grant.equals(objects.put(grant.id(), grant))) {
                        index(grant);
                        changed.add(grant.id());
                        forgotten.remove(grant.id());
                        differing.add(grant.id());
                    }
                }
            }
        });
        return differing;
    }

    /// Without those of which only the id is known, from a grant that mentions it.
    private List<SubscriptionChange> changedSubscriptions(Set<Id> affected) {
        List<SubscriptionChange> changes = new ArrayList<>();
        for (Id id : affected) {
            if (objects.get(id) instanceof Subscription subscription && subscription.customer().isPresent()) {
                SubscriptionState after = new SubscriptionState(subscription, account(subscription));
                SubscriptionState before = states.put(subscription.id(), after);
                if (!after.hasSameContentAs(before)) {
                    changes.add(new SubscriptionChange(before, after));
                }
            }
        }
        return changes;
    }

    private List<GrantMove> changedGrants(Set<Id> affected) {
        List<GrantMove> moves = new ArrayList<>();
        for (Id id : affected) {
            if (id instanceof Id.Grant grant) {
                Holding after = objects.get(id) instanceof Grant known ? held(known) : null;
                Holding before = after == null ? holdings.remove(grant) : holdings.put(grant, after);
                if (!Objects.equals(before, after)) {
                    moves.add(new GrantMove(before, after));
                    if (!forgotten.contains(grant)) {
                        changed.add(grant);
                    }
                }
            }
        }
        return moves;
    }

    /// Null while the grant is not live.
    private @Nullable Holding held(Grant grant) {
        return grant.isLive(customer(grant.customer())) ? new Holding(account(grant), grant) : null;
    }

    /// A grant belongs to the account of its subscription or order, otherwise to that of its customer.
    private Account account(Grant grant) {
        Optional<Account> ofSubscription = grant.subscription().flatMap(this::accountOfScope);
        return ofSubscription
                .or(() -> grant.order().flatMap(this::accountOfScope))
                .orElseGet(() -> customer(grant.customer()).account());
    }

    private Optional<Account> accountOfScope(Id id) {
        return objects.get(id) instanceof Scope scope && scope.customer().isPresent()
                ? Optional.of(account(scope))
                : Optional.empty();
    }

    /// A subscription or order belongs to the organization in its own metadata, otherwise to its customer's account.
    public Account account(Scope scope) {
        return scope.ownAccount().orElseGet(() -> customer(scope.customer().orElseThrow()).account());
    }

    private Customer customer(Id.Customer id) {
        return objects.get(id) instanceof Customer customer ? customer : new Customer(id, Facts.NONE);
    }
}
