package dev.plinto.polar.projection;

import static dev.plinto.polar.projection.LedgerTables.BENEFITS;
import static dev.plinto.polar.projection.LedgerTables.CUSTOMERS;
import static dev.plinto.polar.projection.LedgerTables.GRANTS;
import static dev.plinto.polar.projection.LedgerTables.ORDERS;
import static dev.plinto.polar.projection.LedgerTables.PRODUCTS;
import static dev.plinto.polar.projection.LedgerTables.SUBSCRIPTIONS;

import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Holding;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.projection.FactsTable.Derived;
import dev.plinto.polar.projection.FactsTable.Selected;
import dev.plinto.polar.projection.FactsTable.Stored;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/// Stores what events changed in a [Ledger], and what was published of it.
record LedgerChanges(OpenTransaction transaction, Ledger ledger, PublishedSubscriptions published) {

    void save() {
        save(CUSTOMERS, changed(Customer.class), customer -> Derived.NONE);
        Stream<Subscription> newlyPublished = published.published().stream()
                .map(id -> (Subscription) ledger.find(id).orElseThrow());
        save(SUBSCRIPTIONS, Stream.concat(changed(Subscription.class), newlyPublished).distinct(),
                published::derived);
        save(ORDERS, changed(Order.class), order -> Derived.NONE);
        save(GRANTS, changed(Grant.class), grant -> new Derived(
                ledger.holding(grant.id()).map(Holding::account).map(Account::value).orElse(null), null, null));
        List<Product> products = changed(Product.class).toList();
        List<Benefit> benefits = changed(Benefit.class).toList();
        Selected<Product> storedProducts = lockReference(PRODUCTS, products);
        Selected<Benefit> storedBenefits = lockReference(BENEFITS, benefits);
        saveReference(PRODUCTS, products, storedProducts, Product::with);
        saveReference(BENEFITS, benefits, storedBenefits, Benefit::with);
    }

    /// Many batches read the same few products and benefits, and hardly any batch changes one: only then they are
    /// locked, and the change, which was merged into an unlocked copy, is merged again.
    private <K extends TrackedObject> Selected<K> lockReference(FactsTable<K> table, List<K> changed) {
        if (changed.isEmpty()) {
            return List::of;
        }
        Set<String> ids = new TreeSet<>(changed.stream().map(object -> object.id().value()).toList());
        table.insertMissing(transaction, ids);
        return table.lock(transaction, "id = ANY ($1)", ids.toArray(String[]::new));
    }

    private <K extends TrackedObject> void saveReference(FactsTable<K> table, List<K> changed, Selected<K> stored,
            Merge<K> merge) {
        Map<Id, K> byId = new HashMap<>();
        changed.forEach(object -> byId.put(object.id(), object));
        Stream<K> merged = stored.rows().stream()
                .map(Stored::object)
                .map(object -> merge.with(object,
                        object.facts().merge(byId.getOrDefault(object.id(), object).facts())));
        save(table, merged, object -> Derived.NONE);
    }

    private interface Merge<K> {
        K with(K object, Facts facts);
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
