package dev.plinto.polar.reconcile;

import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.polar.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// An object of which Polar says something else than we hold, and newer: what the snapshot would change by the very
/// rules by which it is projected.
record Drift(Snapshot snapshot, TrackedObject statement, List<Difference> differences) {

    /// `live` is what grants and snapshots of their customers add up to; all others are fields.
    private static final String LIVE = "live";

    /// Null stands for not being known, or for being nothing.
    record Difference(String field, Object ours, Object polars) {}

    /// Empty where all that it says is known, or where something newer is.
    static Optional<Drift> between(Map<Id, TrackedObject> held, Snapshot snapshot, TrackedObject statement) {
        TrackedObject before = held.get(statement.id());
        Facts ours = before == null ? Facts.NONE : before.facts();
        Facts merged = ours.merge(statement.facts());
        List<Difference> differences = new ArrayList<>();
        for (Field<?> field : fieldsOf(statement)) {
            if (!FieldEquality.areSame(field, ours.get(field), merged.get(field))) {
                differences.add(new Difference(field.name(), ours.get(field), merged.get(field)));
            }
        }
        if (statement instanceof Grant grant) {
            Customer holder = holder(held, grant);
            boolean isLive = before instanceof Grant known && known.isLive(holder);
            boolean becomesLive = grant.with(merged).isLive(holder);
            if (isLive != becomesLive) {
                differences.add(new Difference(LIVE, isLive, becomesLive));
            }
        }
        return differences.isEmpty() ? Optional.empty() : Optional.of(new Drift(snapshot, statement, differences));
    }

    private static Customer holder(Map<Id, TrackedObject> held, Grant grant) {
        return held.get(grant.customer()) instanceof Customer customer
                ? customer
                : new Customer(grant.customer(), Facts.NONE);
    }

    private static List<Field<?>> fieldsOf(TrackedObject statement) {
        return switch (statement) {
            case Customer customer -> Customer.FIELDS;
            case Subscription subscription -> Subscription.FIELDS;
            case Order order -> Order.FIELDS;
            case Grant grant -> Grant.FIELDS;
            case Product product -> Product.FIELDS;
            case Benefit benefit -> Benefit.FIELDS;
        };
    }

    Drift {
        Objects.requireNonNull(snapshot, "snapshot");
        Objects.requireNonNull(statement, "statement");
        differences = List.copyOf(differences);
    }
}
