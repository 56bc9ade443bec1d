package dev.plinto.polar.projection;

import static dev.plinto.polar.projection.LedgerTables.BENEFITS;
import static dev.plinto.polar.projection.LedgerTables.CUSTOMERS;
import static dev.plinto.polar.projection.LedgerTables.GRANTS;
import static dev.plinto.polar.projection.LedgerTables.ORDERS;
import static dev.plinto.polar.projection.LedgerTables.PRODUCTS;
import static dev.plinto.polar.projection.LedgerTables.SUBSCRIPTIONS;

import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Holding;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Reference;
import dev.plinto.polar.entitlement.Scope;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.SubscriptionState;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.projection.FactsTable.Selected;
import dev.plinto.polar.projection.FactsTable.Stored;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Loads and locks the part of the [Ledger] that a batch of events concerns; [LedgerChanges] stores what the
/// events changed.
///
/// All transactions lock in the same order (customers, subscriptions, orders, grants, then accounts; by id within
/// each), so that replicas cannot deadlock. Grants are locked although their customers are: a grant may be scoped on
/// another customer's subscription, and so events of either customer can move it.
final class LedgerStore {

    static final int ANY_NUMBER = Integer.MAX_VALUE - 1;

    private final OpenTransaction transaction;
    private final PublishedSubscriptions published;
    private final Ledger ledger = new Ledger();
    /// The live grants of the locked customers.
    private final List<Holding> storedHoldings = new ArrayList<>();

    /// A subscription, order or grant belongs to a customer that is not locked: another transaction stored that owner
    /// while this one waited for the row. The retried batch reads the new owner.
    static final class OwnerAppeared extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    LedgerStore(OpenTransaction transaction, PublishedSubscriptions published) {
        this.transaction = transaction;
        this.published = published;
    }

    /// The requested rows, in the order of their locks; reading them waits for the locks.
    record Locked(MentionedIds mentioned, Set<String> customers, Selected<Customer> customerRows,
            Selected<Subscription> subscriptions, Selected<Order> orders, Selected<Grant> grants,
            List<? extends Selected<? extends Reference>> references, int maxRows) {}

    /// Statements that are sent afterwards are executed once the locks are held.
    ///
    /// @param maxRows of grants, and likewise of subscriptions: with more, [#load] refuses the batch
    Locked lock(MentionedIds mentioned, int maxRows) {
        Set<String> customers = concerned(mentioned);
        CUSTOMERS.insertMissing(transaction, customers);
        SUBSCRIPTIONS.insertMissing(transaction, mentioned.subscriptions());
        ORDERS.insertMissing(transaction, mentioned.orders());
        return lock(mentioned, customers, maxRows);
    }

    /// Likewise, without new rows for what is stored no longer.
    Locked lockStored(MentionedIds mentioned, int maxRows) {
        return lock(mentioned, concerned(mentioned), maxRows);
    }

    private Locked lock(MentionedIds mentioned, Set<String> customers, int maxRows) {
        return new Locked(mentioned, customers,
                CUSTOMERS.lock(transaction, "id = ANY ($1)", array(customers)),
                lockSubscriptions(customers, mentioned, maxRows),
                ORDERS.lock(transaction, "id = ANY ($1)", array(mentioned.orders())),
                lockGrants(customers, mentioned, maxRows),
                LedgerTables.REFERENCES.stream()
                        .map(table -> Map.entry(table, mentioned.references(table.type())))
                        .filter(ids -> !ids.getValue().isEmpty())
                        .map(ids -> ids.getKey().select(transaction, "id = ANY ($1)", array(ids.getValue())))
                        .toList(),
                maxRows);
    }

    /// @throws BatchTooLarge if the batch concerns more rows than fit in memory
    Ledger load(Locked locked) {
        load(locked.customerRows.rows());
        List<Stored<Subscription>> subscriptions = bounded(locked.subscriptions, locked.maxRows, "subscriptions");
        loadPublished(subscriptions);
        List<Stored<Order>> orders = locked.orders.rows();
        load(orders);
        List<Stored<Grant>> grants = bounded(locked.grants, locked.maxRows, "grants");
        load(grants);
        requireOwners(locked.customers, subscriptions.stream().map(stored -> stored.object().customer()));
        requireOwners(locked.customers, orders.stream().map(stored -> stored.object().customer()));
        requireOwners(locked.customers, grants.stream().map(Stored::object)
                .filter(grant -> locked.mentioned.grants().contains(grant.id().value()))
                .map(grant -> Optional.of(grant.customer())));
        grants.forEach(stored -> holding(stored).ifPresent(holding -> {
            ledger.load(holding);
            if (locked.customers.contains(holding.grant().customer().value())) {
                storedHoldings.add(holding);
            }
        }));
        loadRelated(grants);
        locked.references.forEach(references -> load(references.rows()));
        loadWhatGrantsAreDerivedFrom(locked.mentioned.listedBenefits());
        return ledger;
    }

    /// The live grants of these accounts as stored, before this batch. Those of the locked customers are loaded.
    Stream<Holding> holdingsOf(Set<Account> accounts, Locked locked) {
        List<Stored<Grant>> others = bounded(GRANTS.select(transaction,
                "account = ANY ($1) AND customer_id <> ALL ($2) LIMIT " + (locked.maxRows + 1),
                array(accounts.stream().map(Account::value).toList()), array(locked.customers)), locked.maxRows,
                "grants of the accounts concerned");
        return Stream.concat(
                storedHoldings.stream().filter(holding -> accounts.contains(holding.account())),
                others.stream().map(LedgerStore::holding).flatMap(Optional::stream));
    }

    private static <K> List<Stored<K>> bounded(Selected<K> selected, int maxRows, String what) {
        List<Stored<K>> rows = selected.rows();
        if (rows.size() > maxRows) {
            throw new BatchTooLarge("it concerns more than " + maxRows + " " + what);
        }
        return rows;
    }

    private Set<String> concerned(MentionedIds mentioned) {
        Set<String> customers = new TreeSet<>(mentioned.customers());
        customers.addAll(ownersOf(mentioned));
        return customers;
    }

    private List<String> ownersOf(MentionedIds mentioned) {
        return transaction.send("""
                SELECT customer_id FROM subscriptions WHERE id = ANY ($1) AND customer_id IS NOT NULL
                UNION
                SELECT customer_id FROM orders WHERE id = ANY ($2) AND customer_id IS NOT NULL
                UNION
                SELECT customer_id FROM grants WHERE id = ANY ($3)
                """, Tuple.of(array(mentioned.subscriptions()), array(mentioned.orders()), array(mentioned.grants())))
                .list(row -> row.getString(0));
    }

    private void requireOwners(Set<String> locked, Stream<Optional<Id.Customer>> owners) {
        if (!owners.flatMap(Optional::stream).map(Id::value).allMatch(locked::contains)) {
            throw new OwnerAppeared();
        }
    }

    /// The limit is for the ids: if it were for the ordered rows, PostgreSQL might read the whole table in that order.
    private Selected<Subscription> lockSubscriptions(Set<String> customers, MentionedIds mentioned, int maxRows) {
        return SUBSCRIPTIONS.lock(transaction, """
                id = ANY (ARRAY(SELECT id FROM subscriptions WHERE id = ANY ($1) OR customer_id = ANY ($2) LIMIT %d))
                """.formatted(maxRows + 1), array(mentioned.subscriptions()), array(customers));
    }

    /// The arrays are made first, so that each condition uses its own index. Without a limit, the rows are read once. A
    /// limit is for the ids: if it were for the ordered rows, PostgreSQL might read the whole table in that order.
    private Selected<Grant> lockGrants(Set<String> customers, MentionedIds mentioned, int maxRows) {
        String concerned = """
                id = ANY ($4) OR customer_id = ANY ($1) OR subscription_id = ANY ($2) OR order_id = ANY ($3)
                OR subscription_id = ANY (ARRAY(SELECT id FROM subscriptions WHERE customer_id = ANY ($1)))
                OR order_id = ANY (ARRAY(SELECT id FROM orders WHERE customer_id = ANY ($1)))
                """;
        return GRANTS.lock(transaction, maxRows == ANY_NUMBER
                ? "(" + concerned + ")"
                : "id = ANY (ARRAY(SELECT id FROM grants WHERE " + concerned + " LIMIT " + (maxRows + 1) + "))",
                array(customers), array(mentioned.subscriptions()), array(mentioned.orders()),
                array(mentioned.grants()));
    }

    /// Loads what the grants depend on and no event of the batch mentions: their customers, their subscriptions and
    /// orders, and the customers of those. Not locked: a transaction that changes them must lock the grants, which this
    /// one holds.
    private void loadRelated(List<Stored<Grant>> grants) {
        Set<String> customers = missing(grants.stream().map(stored -> Optional.of(stored.object().customer())));
        if (!customers.isEmpty()) {
            load(CUSTOMERS.select(transaction, "id = ANY ($1)", array(customers)).rows());
        }
        Set<String> subscriptions = missing(grants.stream().map(stored -> stored.object().subscription()));
        Set<String> orders = missing(grants.stream().map(stored -> stored.object().order()));
        if (subscriptions.isEmpty() && orders.isEmpty()) {
            return;
        }
        Selected<Subscription> scopes = SUBSCRIPTIONS.select(transaction, "id = ANY ($1)",
                array(subscriptions));
        load(ORDERS.select(transaction, "id = ANY ($1)", array(orders)).rows());
        loadPublished(scopes.rows());
        Set<String> owners = missing(Stream.concat(
                subscriptions.stream().map(Id.Subscription::new).map(this::ownerOf),
                orders.stream().map(Id.Order::new).map(this::ownerOf)));
        load(CUSTOMERS.select(transaction, "id = ANY ($1)", array(owners)).rows());
    }

    /// Not locked: see [DerivationSources].
    private void loadWhatGrantsAreDerivedFrom(Set<String> listedBenefits) {
        List<Scope> scopes = DerivationSources.scopes(ledger).toList();
        if (scopes.isEmpty()) {
            return;
        }
        Set<String> products = missing(scopes.stream().map(Scope::product));
        if (!products.isEmpty()) {
            load(PRODUCTS.select(transaction, "id = ANY ($1)", array(products)).rows());
        }
        Set<String> benefits = missing(Stream.concat(
                ledger.all().stream().flatMap(object -> object instanceof Product product
                        ? product.benefits().stream()
                        : Stream.empty()),
                listedBenefits.stream().map(Id.Benefit::new)).map(Optional::of));
        if (!benefits.isEmpty()) {
            load(BENEFITS.select(transaction, "id = ANY ($1)", array(benefits)).rows());
        }
    }

    private Optional<Id.Customer> ownerOf(Id scope) {
        return ledger.find(scope)
                .map(object -> object instanceof Scope owned ? owned : null)
                .flatMap(Scope::customer);
    }

    private Set<String> missing(Stream<? extends Optional<? extends Id>> ids) {
        Set<String> missing = new TreeSet<>();
        ids.flatMap(Optional::stream).filter(id -> ledger.find(id).isEmpty()).map(Id::value).forEach(missing::add);
        return missing;
    }

    private void load(List<? extends Stored<? extends TrackedObject>> rows) {
        rows.forEach(stored -> ledger.load(stored.object()));
    }

    private void loadPublished(List<Stored<Subscription>> rows) {
        load(rows);
        rows.forEach(stored -> published.load(stored)
                .ifPresent(account -> ledger.load(new SubscriptionState(stored.object(), account))));
    }

    /// Empty while the grant is not live.
    static Optional<Holding> holding(Stored<Grant> stored) {
        return Optional.ofNullable(stored.derived().account())
                .map(account -> new Holding(new Account(account), stored.object()));
    }

    private static String[] array(Collection<String> texts) {
        return texts.toArray(String[]::new);
    }
}
