package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Holding;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Scope;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.SubscriptionState;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.projection.FactsTable.Selected;
import dev.plinto.polar.projection.FactsTable.Stored;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/// Loads the part of the [Ledger] that a batch of events concerns, locked, and stores what they changed.
///
/// Everybody locks in the same order (customers, subscriptions, orders, grants, then accounts; by id within each), so
/// two replicas can wait for each other but never in a circle. Grants are locked although their customers are: a grant
/// may be scoped on another customer's subscription, and so be moved from either side.
final class LedgerStore {

    static final FactsTable<Customer> CUSTOMERS = new FactsTable<>("customers", Customer.FIELDS,
            (id, facts) -> new Customer(new Id.Customer(id), facts));
    static final FactsTable<Subscription> SUBSCRIPTIONS = new FactsTable<>("subscriptions", Subscription.FIELDS,
            (id, facts) -> new Subscription(new Id.Subscription(id), facts),
            "account text", "version bigint", "published json");
    private static final FactsTable<Order> ORDERS = new FactsTable<>("orders", Order.FIELDS,
            (id, facts) -> new Order(new Id.Order(id), facts));
    static final FactsTable<Grant> GRANTS = new FactsTable<>("grants", Grant.FIELDS,
            (id, facts) -> new Grant(new Id.Grant(id), facts), "account text");
    private static final FactsTable<Product> PRODUCTS = new FactsTable<>("products", Product.FIELDS,
            (id, facts) -> new Product(new Id.Product(id), facts));
    private static final FactsTable<Benefit> BENEFITS = new FactsTable<>("benefits", Benefit.FIELDS,
            (id, facts) -> new Benefit(new Id.Benefit(id), facts));

    private final OpenTransaction transaction;
    private final Ledger ledger = new Ledger();
    private final Map<Id, Publication> publications = new HashMap<>();
    private final Set<Id> republished = new HashSet<>();

    /// What was last published of a subscription.
    record Publication(Account account, long version, String json) {

        static final Publication NEVER = new Publication(null, 0, null);
    }

    /// A subscription, order or grant turned out to belong to a customer that is not locked, because it was told while we
    /// waited for its row. The batch sees it when it is tried again.
    static final class OwnerAppeared extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    LedgerStore(OpenTransaction transaction) {
        this.transaction = transaction;
    }

    /// What was asked for and will be locked, in the order in which everybody locks.
    record Locked(MentionedIds mentioned, Set<String> customers, Selected<Customer> customerRows,
            Selected<Subscription> subscriptions, Selected<Order> orders, Selected<Grant> grants,
            Selected<Product> products, Selected<Benefit> benefits) {}

    /// Whatever is sent after this is executed once the locks are held.
    Locked lock(List<Event> events) {
        MentionedIds mentioned = MentionedIds.in(events);
        Set<String> customers = new TreeSet<>(mentioned.customers());
        customers.addAll(ownersOf(mentioned));
        CUSTOMERS.mention(transaction, customers);
        SUBSCRIPTIONS.mention(transaction, mentioned.subscriptions());
        ORDERS.mention(transaction, mentioned.orders());
        return new Locked(mentioned, customers,
                CUSTOMERS.lock(transaction, "id = ANY ($1)", array(customers)),
                SUBSCRIPTIONS.lock(transaction, "id = ANY ($1) OR customer_id = ANY ($2)",
                        array(mentioned.subscriptions()), array(customers)),
                ORDERS.lock(transaction, "id = ANY ($1)", array(mentioned.orders())),
                lockGrants(customers, mentioned),
                PRODUCTS.select(transaction, "id = ANY ($1)", array(mentioned.products())),
                BENEFITS.select(transaction, "id = ANY ($1)", array(mentioned.benefits())));
    }

    Ledger load(Locked locked) {
        recall(locked.customerRows.rows());
        List<Stored<Subscription>> subscriptions = locked.subscriptions.rows();
        recallPublished(subscriptions);
        List<Stored<Order>> orders = locked.orders.rows();
        recall(orders);
        List<Stored<Grant>> grants = locked.grants.rows();
        recall(grants);
        requireOwners(locked.customers, subscriptions.stream().map(stored -> stored.object().customer()));
        requireOwners(locked.customers, orders.stream().map(stored -> stored.object().customer()));
        requireOwners(locked.customers, grants.stream().map(Stored::object)
                .filter(grant -> locked.mentioned.grants().contains(grant.id().value()))
                .map(grant -> Optional.of(grant.customer())));
        grants.forEach(stored -> holding(stored).ifPresent(ledger::recall));
        readSurroundingsOf(grants);
        recall(locked.products.rows());
        recall(locked.benefits.rows());
        return ledger;
    }

    Publication publication(Id.Subscription subscription) {
        return publications.getOrDefault(subscription, Publication.NEVER);
    }

    void publish(Id.Subscription subscription, Publication publication) {
        publications.put(subscription, publication);
        republished.add(subscription);
    }

    /// The live grants of these accounts as stored, which is as they were before this batch.
    List<Holding> holdingsOf(Collection<Account> accounts) {
        return GRANTS.select(transaction, "account = ANY ($1)",
                array(accounts.stream().map(Account::value).toList())).rows().stream()
                .map(LedgerStore::holding)
                .flatMap(Optional::stream)
                .toList();
    }

    void save() {
        save(CUSTOMERS, changed(Customer.class), customer -> List.of());
        Stream<Subscription> moved = republished.stream().map(id -> (Subscription) ledger.known(id).orElseThrow());
        save(SUBSCRIPTIONS, Stream.concat(changed(Subscription.class), moved).distinct(), subscription -> {
            Publication publication = publication(subscription.id());
            return Stream.of(publication.account().value(), publication.version(), publication.json()).toList();
        });
        save(ORDERS, changed(Order.class), order -> List.of());
        save(GRANTS, changed(Grant.class), grant -> Stream.of(
                ledger.holding(grant.id()).map(Holding::account).map(Account::value).orElse(null)).toList());
        List<Product> products = changed(Product.class).toList();
        List<Benefit> benefits = changed(Benefit.class).toList();
        Selected<Product> storedProducts = lockReference(PRODUCTS, products);
        Selected<Benefit> storedBenefits = lockReference(BENEFITS, benefits);
        saveReference(PRODUCTS, products, storedProducts, Product::with);
        saveReference(BENEFITS, benefits, storedBenefits, Benefit::with);
    }

    /// Many batches read the same few reference rows and hardly any changes one, so they are locked only then; what was
    /// merged on an unlocked copy is merged once more.
    private <K extends TrackedObject> Selected<K> lockReference(FactsTable<K> table, List<K> changed) {
        if (changed.isEmpty()) {
            return List::of;
        }
        Set<String> ids = new TreeSet<>(changed.stream().map(known -> known.id().value()).toList());
        table.mention(transaction, ids);
        return table.lock(transaction, "id = ANY ($1)", array(ids));
    }

    private <K extends TrackedObject> void saveReference(FactsTable<K> table, List<K> changed, Selected<K> stored,
            Merge<K> merge) {
        Map<Id, K> byId = new HashMap<>();
        changed.forEach(known -> byId.put(known.id(), known));
        Stream<K> merged = stored.rows().stream()
                .map(Stored::object)
                .map(known -> merge.with(known, known.facts().merge(byId.get(known.id()).facts())));
        save(table, merged, known -> List.of());
    }

    private interface Merge<K> {
        K with(K known, Facts facts);
    }

    private <K extends TrackedObject> void save(FactsTable<K> table, Stream<K> objects, Function<K, List<?>> derived) {
        List<K> rows = objects.toList();
        if (!rows.isEmpty()) {
            table.save(transaction, rows, derived);
        }
    }

    private <K extends TrackedObject> Stream<K> changed(Class<K> kind) {
        return ledger.changed().stream().filter(kind::isInstance).map(kind::cast);
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

    /// Each way to belong here has its index; one condition with ORs would use none.
    private Selected<Grant> lockGrants(Set<String> customers, MentionedIds mentioned) {
        return GRANTS.lock(transaction, """
                id IN (
                  SELECT id FROM grants WHERE id = ANY ($4)
                  UNION ALL
                  SELECT id FROM grants WHERE customer_id = ANY ($1)
                  UNION ALL
                  SELECT id FROM grants WHERE subscription_id = ANY ($2)
                  UNION ALL
                  SELECT id FROM grants WHERE order_id = ANY ($3)
                  UNION ALL
                  SELECT held.id FROM subscriptions JOIN grants held ON held.subscription_id = subscriptions.id
                  WHERE subscriptions.customer_id = ANY ($1)
                  UNION ALL
                  SELECT held.id FROM orders JOIN grants held ON held.order_id = orders.id
                  WHERE orders.customer_id = ANY ($1))
                """, array(customers), array(mentioned.subscriptions()), array(mentioned.orders()),
                array(mentioned.grants()));
    }

    /// Who holds grants, scopes of grants that no event of the batch mentions, and who owns those: read, not locked,
    /// since whoever changes them must lock the grants, which we have.
    private void readSurroundingsOf(List<Stored<Grant>> grants) {
        Set<String> holders = unknown(grants.stream().map(stored -> Optional.of(stored.object().customer())));
        if (!holders.isEmpty()) {
            recall(CUSTOMERS.select(transaction, "id = ANY ($1)", array(holders)).rows());
        }
        Set<String> subscriptions = unknown(grants.stream().map(stored -> stored.object().subscription()));
        Set<String> orders = unknown(grants.stream().map(stored -> stored.object().order()));
        if (subscriptions.isEmpty() && orders.isEmpty()) {
            return;
        }
        Selected<Subscription> scopes = SUBSCRIPTIONS.select(transaction, "id = ANY ($1)", array(subscriptions));
        recall(ORDERS.select(transaction, "id = ANY ($1)", array(orders)).rows());
        recallPublished(scopes.rows());
        Set<String> owners = unknown(Stream.concat(
                subscriptions.stream().map(Id.Subscription::new).map(this::ownerOf),
                orders.stream().map(Id.Order::new).map(this::ownerOf)));
        recall(CUSTOMERS.select(transaction, "id = ANY ($1)", array(owners)).rows());
    }

    private Optional<Id.Customer> ownerOf(Id scope) {
        return ledger.known(scope)
                .map(known -> known instanceof Scope owned ? owned : null)
                .flatMap(Scope::customer);
    }

    private Set<String> unknown(Stream<? extends Optional<? extends Id>> ids) {
        Set<String> unknown = new TreeSet<>();
        ids.flatMap(Optional::stream).filter(id -> ledger.known(id).isEmpty()).map(Id::value).forEach(unknown::add);
        return unknown;
    }

    private void recall(List<? extends Stored<? extends TrackedObject>> rows) {
        rows.forEach(stored -> ledger.recall(stored.object()));
    }

    private void recallPublished(List<Stored<Subscription>> rows) {
        recall(rows);
        for (Stored<Subscription> stored : rows) {
            Row row = stored.row();
            if (row.getValue("version") != null) {
                Account account = new Account(row.getString("account"));
                publications.put(stored.object().id(),
                        new Publication(account, row.getLong("version"), row.getString("published")));
                ledger.recall(new SubscriptionState(stored.object(), account));
            }
        }
    }

    private static Optional<Holding> holding(Stored<Grant> stored) {
        return Optional.ofNullable(stored.row().getString("account"))
                .map(account -> new Holding(new Account(account), stored.object()));
    }

    private static String[] array(Collection<String> texts) {
        return texts.toArray(String[]::new);
    }
}
