package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.projection.FactsTable.DerivedColumn;

/// The tables of what is known of Polar's objects.
final class LedgerTables {

    static final FactsTable<Customer> CUSTOMERS = new FactsTable<>("customers", Customer.FIELDS,
            (id, facts) -> Customer.stored(new Id.Customer(id), facts));
    static final FactsTable<Subscription> SUBSCRIPTIONS = new FactsTable<>("subscriptions", Subscription.FIELDS,
            (id, facts) -> new Subscription(new Id.Subscription(id), facts),
            DerivedColumn.ACCOUNT, DerivedColumn.VERSION, DerivedColumn.PUBLISHED);
    static final FactsTable<Order> ORDERS = new FactsTable<>("orders", Order.FIELDS,
            (id, facts) -> new Order(new Id.Order(id), facts));
    static final FactsTable<Grant> GRANTS = new FactsTable<>("grants", Grant.FIELDS,
            (id, facts) -> new Grant(new Id.Grant(id), facts), DerivedColumn.ACCOUNT);
    static final FactsTable<Product> PRODUCTS = new FactsTable<>("products", Product.FIELDS,
            (id, facts) -> new Product(new Id.Product(id), facts));
    static final FactsTable<Benefit> BENEFITS = new FactsTable<>("benefits", Benefit.FIELDS,
            (id, facts) -> new Benefit(new Id.Benefit(id), facts));

    private LedgerTables() {}
}
