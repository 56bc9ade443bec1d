package dev.plinto.polar.entitlement;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is known, kept as rows: batches of events are applied to a partial [Ledger] that holds what its comment asks
/// for and nothing else, and what a product means for others is carried out later, one subscription or order at a time.
final class StoredLedger {

    private final Map<Id, TrackedObject> objects = new HashMap<>();
    private final Map<Id, SubscriptionState> states = new HashMap<>();
    private final Map<Id.Grant, Holding> holdings = new HashMap<>();
    private final Set<Id.Product> due = new LinkedHashSet<>();

    Map<Id, TrackedObject> objects() {
        return objects;
    }

    Map<Id.Grant, Holding> holdings() {
        return holdings;
    }

    void project(List<Event> batch) {
        List<TrackedObject> statements = batch.stream().flatMap(event -> event.statements().stream()).toList();
        Ledger ledger = load(statements, List.of());
        batch.forEach(ledger::apply);
        ledger.changed().forEach(this::addDueWork);
        save(ledger);
    }

    private void addDueWork(TrackedObject changed) {
        TrackedObject before = objects.getOrDefault(changed.id(), changed.with(Facts.NONE));
        if (changed instanceof Reference reference && !reference.decidesAs((Reference) before)) {
            all(Product.class).filter(product -> product.benefits().stream().anyMatch(changed.id()::equals))
                    .forEach(product -> due.add(product.id()));
            if (changed instanceof Product product) {
                due.add(product.id());
            }
        }
    }

    void carryOutDueWork() {
        due.stream().flatMap(product -> all(Scope.class).filter(scope -> scope.product().filter(product::equals)
                .isPresent())).map(Scope::id).toList().forEach(scope -> {
                    Ledger ledger = load(List.of(), List.of(scope));
                    ledger.decideAgain();
                    save(ledger);
                });
        due.clear();
    }

    private void save(Ledger ledger) {
        ledger.changed().forEach(object -> objects.put(object.id(), object));
        ledger.forgotten().forEach(objects::remove);
        Stream.concat(ledger.changed().stream().map(TrackedObject::id), ledger.forgotten().stream()).forEach(id -> {
            if (id instanceof Id.Grant grant) {
                ledger.holding(grant).ifPresentOrElse(
                        holding -> holdings.put(grant, holding), () -> holdings.remove(grant));
            }
        });
        all(Subscription.class).forEach(subscription -> ledger.state(subscription.id())
                .ifPresent(state -> states.put(subscription.id(), state)));
    }

    private Ledger load(List<TrackedObject> statements, Collection<Id> others) {
        Set<Id> mentioned = statements.stream().map(TrackedObject::id).collect(Collectors.toCollection(HashSet::new));
        mentioned.addAll(others);
        statements.stream().filter(Grant.class::isInstance).map(Grant.class::cast)
                .forEach(grant -> mentioned.addAll(scopes(grant)));
        Set<Id> concerned = new HashSet<>(mentioned);
        Stream.concat(statements.stream(), known(mentioned)).forEach(object -> {
            switch (object) {
                case Scope scope -> scope.customer().ifPresent(concerned::add);
                case Grant grant -> concerned.add(grant.customer());
                case Customer customer -> {}
                case Reference reference -> {}
            }
        });
        all(Subscription.class).filter(subscription -> concernsCustomer(subscription, concerned))
                .forEach(subscription -> concerned.add(subscription.id()));
        all(Order.class).filter(order -> concernsCustomer(order, concerned))
                .map(Order::id).filter(order -> all(Grant.class).anyMatch(grant -> scopes(grant).contains(order)))
                .forEach(concerned::add);
        all(Grant.class).filter(grant -> concerned.contains(grant.customer())
                || scopes(grant).stream().anyMatch(concerned::contains)).toList().forEach(grant -> {
                    concerned.add(grant.id());
                    concerned.add(grant.customer());
                    concerned.addAll(scopes(grant));
                });
        known(Set.copyOf(concerned)).forEach(object -> {
            if (object instanceof Scope scope) {
                scope.customer().ifPresent(concerned::add);
            }
        });
        addReferences(statements, concerned);
        return partial(concerned);
    }

    private void addReferences(List<TrackedObject> statements, Set<Id> concerned) {
        Stream.concat(statements.stream(), known(Set.copyOf(concerned))).toList().forEach(object -> {
            if (object instanceof Scope scope && !Provider.of(scope.id()).tellsGrants()) {
                scope.product().ifPresent(concerned::add);
            }
        });
        Stream.concat(statements.stream(), known(Set.copyOf(concerned))).toList().forEach(object -> {
            if (object instanceof Product product) {
                concerned.addAll(product.benefits());
            }
        });
    }

    private Ledger partial(Set<Id> ids) {
        Ledger ledger = new Ledger();
        ids.forEach(id -> {
            if (objects.containsKey(id)) {
                ledger.load(objects.get(id));
            }
            if (states.containsKey(id)) {
                ledger.load(states.get(id));
            }
            if (id instanceof Id.Grant grant && holdings.containsKey(grant)) {
                ledger.load(holdings.get(grant));
            }
        });
        return ledger;
    }

    private static boolean concernsCustomer(Scope scope, Set<Id> customers) {
        return scope.customer().filter(customers::contains).isPresent();
    }

    private static List<Id> scopes(Grant grant) {
        return Stream.<Id>concat(grant.subscription().stream(), grant.order().stream()).toList();
    }

    private Stream<TrackedObject> known(Set<Id> ids) {
        return ids.stream().filter(objects::containsKey).map(objects::get);
    }

    private <T> Stream<T> all(Class<T> kind) {
        return objects.values().stream().filter(kind::isInstance).map(kind::cast);
    }
}
