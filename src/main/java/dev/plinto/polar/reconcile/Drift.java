package dev.plinto.polar.reconcile;

import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.polar.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An object whose state at Polar is different and newer: what the snapshot would change, by the rules of projection.
record Drift(Snapshot snapshot, TrackedObject statement, List<Difference> differences) {

    /// Not a field of the grant: it follows from the grant and the snapshots of its customer.
    private static final String LIVE = "live";
    private static final String EMBEDDED = "benefits.";

    /// Null means unknown or empty.
    record Difference(String field, @Nullable Object ours, @Nullable Object polars) {}

    /// Empty if the statement adds nothing, or the stored state is newer.
    ///
    /// @param stored the stored object and, for a grant, its customer, if they exist
    /// @param embedded the object's embedded ones that are compared with it: a product's benefits
    static Optional<Drift> between(Map<Id, TrackedObject> stored, Snapshot snapshot, TrackedObject statement,
            List<? extends TrackedObject> embedded) {
        TrackedObject before = stored.get(statement.id());
        Facts merged = factsOf(before).merge(statement.facts());
        List<Difference> differences = differences("", before, statement);
        embedded.forEach(object -> differences.addAll(differences(EMBEDDED, stored.get(object.id()), object)));
        if (statement instanceof Grant grant) {
            Customer customer = customerOf(stored, grant);
            boolean isLive = before instanceof Grant known && known.isLive(customer);
            boolean becomesLive = grant.with(merged).isLive(customer);
            if (isLive != becomesLive) {
                differences.add(new Difference(LIVE, isLive, becomesLive));
            }
        }
        return differences.isEmpty() ? Optional.empty() : Optional.of(new Drift(snapshot, statement, differences));
    }

    private static List<Difference> differences(String prefix, @Nullable TrackedObject before,
            TrackedObject statement) {
        Facts ours = factsOf(before);
        Facts merged = ours.merge(statement.facts());
        List<Difference> differences = new ArrayList<>();
        for (Field<?> field : statement.fields()) {
            if (!FieldEquality.areEqual(field, ours.get(field), merged.get(field))) {
                differences.add(new Difference(prefix + field.name(), ours.get(field), merged.get(field)));
            }
        }
        return differences;
    }

    private static Facts factsOf(@Nullable TrackedObject object) {
        return object == null ? Facts.NONE : object.facts();
    }

    private static Customer customerOf(Map<Id, TrackedObject> stored, Grant grant) {
        return stored.get(grant.customer()) instanceof Customer customer
                ? customer
                : new Customer(grant.customer(), Facts.NONE);
    }

    Drift {
        Objects.requireNonNull(snapshot, "snapshot");
        Objects.requireNonNull(statement, "statement");
        differences = List.copyOf(differences);
    }
}
