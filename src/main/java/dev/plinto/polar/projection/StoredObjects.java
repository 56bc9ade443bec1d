package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.TrackedObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads without a lock: who compares may be wrong by what is being projected, and is put right by stamps.
@ApplicationScoped
public class StoredObjects {

    private final Transactions transactions;

    StoredObjects(Transactions transactions) {
        this.transactions = transactions;
    }

    /// Without those that no statement has been made about.
    public Map<Id, TrackedObject> find(Collection<? extends Id> ids) {
        Map<Id, TrackedObject> known = new HashMap<>();
        if (ids.isEmpty()) {
            return known;
        }
        transactions.inOne(transaction -> {
            List<FactsTable.Selected<? extends TrackedObject>> asked = List.of(
                    select(transaction, LedgerStore.CUSTOMERS, Id.Customer.class, ids),
                    select(transaction, LedgerStore.SUBSCRIPTIONS, Id.Subscription.class, ids),
                    select(transaction, LedgerStore.GRANTS, Id.Grant.class, ids));
            asked.forEach(answer -> answer.rows().forEach(row -> known.put(row.object().id(), row.object())));
            return known;
        });
        return known;
    }

    private static <K extends TrackedObject> FactsTable.Selected<K> select(OpenTransaction transaction,
            FactsTable<K> table,
            Class<? extends Id> kind, Collection<? extends Id> ids) {
        return table.select(transaction, "id = ANY ($1) AND said_at IS NOT NULL",
                ids.stream().filter(kind::isInstance).map(Id::value).distinct().toArray(String[]::new));
    }
}
