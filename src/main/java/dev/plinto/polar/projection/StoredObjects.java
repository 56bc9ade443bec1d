package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Known;
import dev.plinto.polar.entitlement.KnownObjects;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads without a lock: who compares may be wrong by what is being projected, and is put right by stamps.
@ApplicationScoped
class StoredObjects implements KnownObjects {

    private final Transactions transactions;

    StoredObjects(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Map<Id, Known> known(Collection<? extends Id> ids) {
        Map<Id, Known> known = new HashMap<>();
        if (ids.isEmpty()) {
            return known;
        }
        transactions.inOne(transaction -> {
            List<FactsTable.Selected<? extends Known>> asked = List.of(
                    select(transaction, KnownStore.CUSTOMERS, Id.Customer.class, ids),
                    select(transaction, KnownStore.SUBSCRIPTIONS, Id.Subscription.class, ids),
                    select(transaction, KnownStore.GRANTS, Id.Grant.class, ids));
            asked.forEach(answer -> answer.rows().forEach(row -> known.put(row.object().id(), row.object())));
            return known;
        });
        return known;
    }

    private static <K extends Known> FactsTable.Selected<K> select(OpenTransaction transaction, FactsTable<K> table,
            Class<? extends Id> kind, Collection<? extends Id> ids) {
        return table.select(transaction, "id = ANY ($1) AND said_at IS NOT NULL",
                ids.stream().filter(kind::isInstance).map(Id::value).distinct().toArray(String[]::new));
    }
}
