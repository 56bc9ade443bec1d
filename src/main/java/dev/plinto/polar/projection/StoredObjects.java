package dev.plinto.polar.projection;

import static java.util.stream.Collectors.groupingBy;

import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.TrackedObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
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
            List<FactsTable.Selected<? extends TrackedObject>> selected = new ArrayList<>();
            ids.stream().collect(groupingBy(StoredObjects::tableOf))
                    .forEach((table, ofTable) -> selected.add(select(transaction, table, ofTable)));
            selected.forEach(kind -> kind.rows().forEach(row -> found.put(row.object().id(), row.object())));
            return found;
        });
        return found;
    }

    private static FactsTable<? extends TrackedObject> tableOf(Id id) {
        return switch (id) {
            case Id.Customer customer -> LedgerTables.CUSTOMERS;
            case Id.Subscription subscription -> LedgerTables.SUBSCRIPTIONS;
            case Id.Order order -> LedgerTables.ORDERS;
            case Id.Grant grant -> LedgerTables.GRANTS;
            case Id.Product product -> LedgerTables.PRODUCTS;
            case Id.Benefit benefit -> LedgerTables.BENEFITS;
            case Id.Checkout checkout -> LedgerTables.CHECKOUTS;
            case Id.Member member -> LedgerTables.MEMBERS;
            case Id.Seat seat -> LedgerTables.SEATS;
            case Id.Meter meter -> LedgerTables.METERS;
            case Id.CustomerMeter meter -> LedgerTables.CUSTOMER_METERS;
        };
    }

    private static FactsTable.Selected<? extends TrackedObject> select(OpenTransaction transaction,
            FactsTable<? extends TrackedObject> table, Collection<? extends Id> ids) {
        return table.select(transaction, "id = ANY ($1) AND said_at IS NOT NULL",
                ids.stream().map(Id::value).distinct().toArray(String[]::new));
    }
}
