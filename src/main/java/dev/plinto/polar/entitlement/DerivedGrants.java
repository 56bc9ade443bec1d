package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The grants of what is bought from a provider that tells none: a subscription or a one-time order gives each benefit
/// of the product that it is mapped to. Such a grant is a function of what is known of the three, and of nothing
/// before: any order of their statements ends in the same grants. So a benefit that has left the product has no grant.
final class DerivedGrants {

    /// Before every statement: what stands for an unknown benefit's fields never counts beside a copy of these fields.
    private static final Stamp UNKNOWN = new Stamp(Instant.EPOCH, "");
    private static final String UNKNOWN_TYPE = "custom";

    private final Function<Id, @Nullable TrackedObject> known;
    /// These two may also have what a product had before.
    private final Map<Id.Product, Set<Id>> scopesOfProduct = new HashMap<>();
    private final Map<Id.Benefit, Set<Id.Product>> productsOfBenefit = new HashMap<>();

    DerivedGrants(Function<Id, @Nullable TrackedObject> known) {
        this.known = known;
    }

    /// Whether the id is that of a derived grant. No statement has such an id.
    static boolean has(Id id) {
        return id instanceof Id.Grant && !Provider.of(id).tellsGrants();
    }

    void index(Scope scope) {
        if (!Provider.of(scope.id()).tellsGrants()) {
            scope.product().ifPresent(product -> scopesOfProduct
                    .computeIfAbsent(product, key -> new LinkedHashSet<>()).add(scope.id()));
        }
    }

    void index(Product product) {
        product.benefits().forEach(benefit -> productsOfBenefit
                .computeIfAbsent(benefit, key -> new LinkedHashSet<>()).add(product.id()));
    }

    /// The products that give something else.
    ///
    /// @param decisive the ids of objects that decide otherwise than before
    Set<Id.Product> redefinedBy(Set<Id> decisive) {
        Set<Id.Product> redefined = new LinkedHashSet<>();
        for (Id id : decisive) {
            if (id instanceof Id.Product product) {
                redefined.add(product);
            } else if (id instanceof Id.Benefit benefit) {
                productsOfBenefit.getOrDefault(benefit, Set.of()).stream()
                        .filter(product -> benefits(product).contains(benefit)).forEach(redefined::add);
            }
        }
        return redefined;
    }

    Stream<Id> scopesOf(Set<Id.Product> products) {
        return products.stream().flatMap(product -> scopesOfProduct.getOrDefault(product, Set.of()).stream());
    }

    /// Those that it gives or, while it is not paid for, would give.
    List<Grant> of(Scope scope) {
        StampedValue<String> status = scope.facts().stamped(Scope.STATUS);
        if (status == null || !derives(scope)) {
            return List.of();
        }
        return scope.customer().stream().flatMap(customer -> scope.product().stream()
                .flatMap(product -> benefits(product).stream())
                .map(benefit -> grant(scope, customer, benefit, status.stamp()))).toList();
    }

    private static boolean derives(Scope scope) {
        return !Provider.of(scope.id()).tellsGrants() && switch (scope) {
            case Subscription subscription -> true;
            case Order order -> order.facts().get(Order.SUBSCRIPTION_ID) == null;
        };
    }

    /// @param stamp of the newest statement that carries the scope's status. It does not depend on the path; and it is
    ///              not that of the product or the benefit, of which each of Polar's events has a newer copy: a copy
    ///              that says the same would change every grant.
    private Grant grant(Scope scope, Id.Customer customer, Id.Benefit benefitId, Stamp stamp) {
        Facts.StatementBuilder facts = Facts.statedAt(stamp)
                .carries(Grant.CUSTOMER_ID, customer.value())
                .carries(Grant.BENEFIT_ID, benefitId.value())
                .carries(Grant.IS_GRANTED, scope.isPaidFor());
        switch (scope) {
            case Subscription subscription -> facts.carries(Grant.SUBSCRIPTION_ID, subscription.id().value());
            case Order order -> facts.carries(Grant.ORDER_ID, order.id().value());
        }
        return new Grant(new Id.Grant(scope.id().value() + ":" + benefitId.value()),
                facts.build().merge(described(benefitId, stamp)));
    }

    private Facts described(Id.Benefit id, Stamp stamp) {
        Facts benefit = known.apply(id) instanceof Benefit found ? found.facts() : Facts.NONE;
        return Facts.statedAt(benefit.isEmpty() ? UNKNOWN : stamp)
                .carries(Grant.BENEFIT_TYPE, benefit.find(Benefit.TYPE).orElse(UNKNOWN_TYPE))
                .carries(Grant.DESCRIPTION, benefit.find(Benefit.DESCRIPTION).orElse(id.value()))
                .carries(Grant.FEATURE, benefit.get(Benefit.FEATURE))
                .build();
    }

    private List<Id.Benefit> benefits(Id.Product id) {
        return known.apply(id) instanceof Product product ? product.benefits() : List.of();
    }
}
