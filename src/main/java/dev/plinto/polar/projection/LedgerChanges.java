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
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Reference;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.projection.FactsTable.Derived;
import dev.plinto.polar.projection.FactsTable.Selected;
import dev.plinto.polar.projection.FactsTable.Stored;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Stores what events changed in a [Ledger], and what was published of it.
record LedgerChanges(OpenTransaction transaction, Ledger ledger, PublishedSubscriptions published) {

    /// @param endedCheckouts those that ended by it
    /// @param redefined      the products and benefits of which grants are derived otherwise from now on
    record Saved(List<CheckoutOutcome> endedCheckouts, Set<Id> redefined) {

        private static final Saved NOTHING = new Saved(List.of(), Set.of());
    }

    /// @throws DerivationSources.Outdated if another transaction changed a product or a benefit meanwhile
    Saved save() {
        save(CUSTOMERS, changed(Customer.class), customer -> Derived.NONE);
        Stream<Subscription> newlyPublished = published.published().stream()
                .map(id -> (Subscription) ledger.find(id).orElseThrow());
        save(SUBSCRIPTIONS, Stream.concat(changed(Subscription.class), newlyPublished).distinct(),
                published::derived);
        save(ORDERS, changed(Order.class), order -> Derived.NONE);
        save(GRANTS, changed(Grant.class), grant -> new Derived(
                ledger.holding(grant.id()).map(Holding::account).map(Account::value).orElse(null), null, null));
        forget(ledger.forgotten());
        DerivationSources sources = new DerivationSources(transaction, ledger);
        Runnable requireAsRead = sources.lock();
        List<Supplier<Saved>> saving = LedgerTables.REFERENCES.stream()
                .map(table -> lockReferences(table, sources))
                .toList(); // all locks are asked for before the first answer is awaited
        requireAsRead.run();
        List<Saved> saved = saving.stream().map(Supplier::get).toList();
        return new Saved(saved.stream().flatMap(part -> part.endedCheckouts.stream()).toList(),
                saved.stream().flatMap(part -> part.redefined.stream()).collect(Collectors.toSet()));
    }

    /// Derived grants of benefits that a product no longer has.
    private void forget(Set<Id.Grant> grants) {
        if (!grants.isEmpty()) {
            transaction.send("DELETE FROM grants WHERE id = ANY ($1)",
                    Tuple.tuple().addArrayOfString(grants.stream().map(Id::value).toArray(String[]::new)));
        }
    }

    /// Many batches read the same few references, and hardly any batch changes one: only then they are locked, and the
    /// change, which was merged into an unlocked copy, is merged again.
    ///
    /// @return saves the references that are locked
    private <K extends Reference> Supplier<Saved> lockReferences(FactsTable<K> table, DerivationSources sources) {
        Map<String, K> changed = new TreeMap<>();
        changed(table.type()).forEach(object -> changed.put(object.id().value(), object));
        if (changed.isEmpty()) {
            return () -> Saved.NOTHING;
        }
        table.insertMissing(transaction, changed.keySet());
        Selected<K> stored = table.lock(transaction, "id = ANY ($1)", changed.keySet().toArray(String[]::new));
        return () -> {
            List<CheckoutOutcome> ended = new ArrayList<>();
            Set<Id> redefined = new HashSet<>();
            save(table, stored.rows().stream().map(Stored::object).map(object -> {
                K merged = table.object(object.id().value(), object.facts()
                        .merge(Objects.requireNonNull(changed.get(object.id().value())).facts()));
                sources.requireAsRead(merged);
                if (!object.decidesAs(merged)) {
                    redefined.add(merged.id());
                }
                if (object instanceof Checkout before && merged instanceof Checkout after) {
                    CheckoutOutcome.of(before, after).ifPresent(ended::add);
                }
                return merged;
            }), object -> Derived.NONE);
            return new Saved(ended, redefined);
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
