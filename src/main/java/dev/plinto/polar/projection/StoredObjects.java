package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.TrackedObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads objects without a lock. A comparison may miss events that are being projected; stamps make that harmless.
@ApplicationScoped
public class StoredObjects {

    private final Transactions transactions;

    StoredObjects(Transactions transactions) {
        this.transactions = transactions;
    }

    /// Returns the objects of which a statement is stored.
    public Map<Id, TrackedObject> find(Collection<? extends Id> ids) {
        Map<Id, TrackedObject> found = new HashMap<>();
        if (ids.isEmpty()) {
            return found;
        }
        transactions.inOne(transaction -> {
            List<FactsTable.Selected<? extends TrackedObject>> selected = List.of(
                    select(transaction, LedgerTables.CUSTOMERS, Id.Customer.class, ids),
                    select(transaction, LedgerTables.SUBSCRIPTIONS, Id.Subscription.class, ids),
                    select(transaction, LedgerTables.GRANTS, Id.Grant.class, ids));
            selected.forEach(kind -> kind.rows().forEach(row -> found.put(row.object().id(), row.object())));
            return found;
        });
        return found;
    }

    private static <K extends TrackedObject> FactsTable.Selected<K> select(OpenTransaction transaction,
            FactsTable<K> table, Class<? extends Id> kind, Collection<? extends Id> ids) {
        return table.select(transaction, "id = ANY ($1) AND said_at IS NOT NULL",
                ids.stream().filter(kind::isInstance).map(Id::value).distinct().toArray(String[]::new));
    }
}
