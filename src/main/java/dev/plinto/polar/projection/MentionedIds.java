package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Provider;
import dev.plinto.polar.entitlement.Reference;
import dev.plinto.polar.entitlement.Scope;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The ids of all objects that the events mention, sorted.
///
/// @param listedBenefits those that a statement says a product has
record MentionedIds(Set<String> customers, Set<String> subscriptions, Set<String> orders, Set<String> grants,
        Map<Class<? extends Reference>, Set<String>> references, Set<String> listedBenefits) {

    static MentionedIds ofCustomers(Collection<String> customers) {
        return new MentionedIds(new TreeSet<>(customers), new TreeSet<>(), new TreeSet<>(), new TreeSet<>(),
                new HashMap<>(), new TreeSet<>());
    }

    static MentionedIds ofPurchases(Collection<String> subscriptions, Collection<String> orders) {
        return new MentionedIds(new TreeSet<>(), new TreeSet<>(subscriptions), new TreeSet<>(orders), new TreeSet<>(),
                new HashMap<>(), new TreeSet<>());
    }

    static MentionedIds in(List<Event> events) {
        MentionedIds mentioned = ofCustomers(List.of());
        events.forEach(event -> event.statements().forEach(mentioned::add));
        return mentioned;
    }

    Set<String> references(Class<? extends Reference> kind) {
        return references.getOrDefault(kind, Set.of());
    }

    private void add(TrackedObject statement) {
        switch (statement) {
            case Customer customer -> customers.add(customer.id().value());
            case Subscription subscription -> {
                subscriptions.add(subscription.id().value());
                subscription.customer().map(Id::value).ifPresent(customers::add);
                addProduct(subscription);
            }
            case Order order -> {
                orders.add(order.id().value());
                order.customer().map(Id::value).ifPresent(customers::add);
                addProduct(order);
            }
            case Grant grant -> {
                grants.add(grant.id().value());
                customers.add(grant.customer().value());
                grant.subscription().map(Id::value).ifPresent(subscriptions::add);
                grant.order().map(Id::value).ifPresent(orders::add);
            }
            case Product product -> {
                addReference(product);
                product.benefits().forEach(benefit -> listedBenefits.add(benefit.value()));
            }
            case Reference reference -> addReference(reference);
        }
    }

    private void addReference(Reference reference) {
        references.computeIfAbsent(reference.getClass(), kind -> new TreeSet<>()).add(reference.id().value());
    }

    /// Of which the grants are derived.
    private void addProduct(Scope scope) {
        if (!Provider.of(scope.id()).tellsGrants()) {
            scope.product().map(Id::value).ifPresent(
                    product -> references.computeIfAbsent(Product.class, kind -> new TreeSet<>()).add(product));
        }
    }
}
