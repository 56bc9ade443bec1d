package dev.plinto.polar.projection;

import static dev.plinto.polar.projection.LedgerTables.CUSTOMERS;
import static dev.plinto.polar.projection.LedgerTables.GRANTS;
import static dev.plinto.polar.projection.LedgerTables.ORDERS;
import static dev.plinto.polar.projection.LedgerTables.SUBSCRIPTIONS;

import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.entitlement.Checkout;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Holding;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Reference;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.projection.FactsTable.Derived;
import dev.plinto.polar.projection.FactsTable.Selected;
import dev.plinto.polar.projection.FactsTable.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Stores what events changed in a [Ledger], and what was published of it.
record LedgerChanges(OpenTransaction transaction, Ledger ledger, PublishedSubscriptions published) {

    /// @return the checkouts that ended by it
    List<CheckoutOutcome> save() {
        save(CUSTOMERS, changed(Customer.class), customer -> Derived.NONE);
        Stream<Subscription> newlyPublished = published.published().stream()
                .map(id -> (Subscription) ledger.find(id).orElseThrow());
        save(SUBSCRIPTIONS, Stream.concat(changed(Subscription.class), newlyPublished).distinct(),
                published::derived);
        save(ORDERS, changed(Order.class), order -> Derived.NONE);
        save(GRANTS, changed(Grant.class), grant -> new Derived(
                ledger.holding(grant.id()).map(Holding::account).map(Account::value).orElse(null), null, null));
        return LedgerTables.REFERENCES.stream()
                .map(this::lockReferences)
                .toList() // all locks are asked for before the first answer is awaited
                .stream().flatMap(saving -> saving.get().stream()).toList();
    }

    /// Many batches read the same few references, and hardly any batch changes one: only then they are locked, and the
    /// change, which was merged into an unlocked copy, is merged again.
    ///
    /// @return saves the references that are locked, and tells which checkouts ended
    private <K extends Reference> Supplier<List<CheckoutOutcome>> lockReferences(FactsTable<K> table) {
        Map<String, K> changed = new TreeMap<>();
        changed(table.type()).forEach(object -> changed.put(object.id().value(), object));
        if (changed.isEmpty()) {
            return List::of;
        }
        table.insertMissing(transaction, changed.keySet());
        Selected<K> stored = table.lock(transaction, "id = ANY ($1)", changed.keySet().toArray(String[]::new));
        return () -> {
            List<CheckoutOutcome> ended = new ArrayList<>();
            save(table, stored.rows().stream().map(Stored::object).map(object -> {
                K merged = table.object(object.id().value(), object.facts()
                        .merge(Objects.requireNonNull(changed.get(object.id().value())).facts()));
                if (object instanceof Checkout before && merged instanceof Checkout after) {
                    CheckoutOutcome.of(before, after).ifPresent(ended::add);
                }
                return merged;
            }), object -> Derived.NONE);
            return ended;
        };
    }

    private <K extends TrackedObject> void save(FactsTable<K> table, Stream<K> objects, Function<K, Derived> derived) {
        List<K> rows = objects.toList();
        if (!rows.isEmpty()) {
            table.save(transaction, rows, derived);
        }
    }

    private <K extends TrackedObject> Stream<K> changed(Class<K> kind) {
        return ledger.changed().stream().filter(kind::isInstance).map(kind::cast);
    }
}
