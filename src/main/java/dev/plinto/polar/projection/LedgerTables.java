package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Checkout;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.CustomerMeter;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Member;
import dev.plinto.polar.entitlement.Meter;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Reference;
import dev.plinto.polar.entitlement.Seat;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.polar.BenefitFeature;
import dev.plinto.polar.projection.FactsTable.DerivedColumn;
import java.util.List;

/// The tables of what is known of Polar's objects.
final class LedgerTables {

    static final FactsTable<Customer> CUSTOMERS = new FactsTable<>("customers", Customer.class,
            Customer.FIELDS, (id, facts) -> Customer.stored(new Id.Customer(id), facts));
    static final FactsTable<Subscription> SUBSCRIPTIONS = new FactsTable<>("subscriptions", Subscription.class,
            Subscription.FIELDS, (id, facts) -> new Subscription(new Id.Subscription(id), facts),
            DerivedColumn.ACCOUNT, DerivedColumn.VERSION, DerivedColumn.PUBLISHED);
    static final FactsTable<Order> ORDERS = new FactsTable<>("orders", Order.class,
            Order.FIELDS, (id, facts) -> new Order(new Id.Order(id), facts));
    static final FactsTable<Grant> GRANTS = new FactsTable<>("grants", Grant.class,
            Grant.FIELDS, (id, facts) -> new Grant(new Id.Grant(id), facts), DerivedColumn.ACCOUNT);
    static final FactsTable<Product> PRODUCTS = new FactsTable<>("products", Product.class,
            Product.FIELDS, (id, facts) -> new Product(new Id.Product(id), facts));
    static final FactsTable<Benefit> BENEFITS = new FactsTable<>("benefits", Benefit.class,
            Benefit.FIELDS, (id, facts) -> new Benefit(new Id.Benefit(id), BenefitFeature.stated(facts)));
    static final FactsTable<Checkout> CHECKOUTS = new FactsTable<>("checkouts", Checkout.class,
            Checkout.FIELDS, (id, facts) -> new Checkout(new Id.Checkout(id), facts));
    static final FactsTable<Member> MEMBERS = new FactsTable<>("members", Member.class,
            Member.FIELDS, (id, facts) -> new Member(new Id.Member(id), facts));
    static final FactsTable<Seat> SEATS = new FactsTable<>("seats", Seat.class,
            Seat.FIELDS, (id, facts) -> new Seat(new Id.Seat(id), facts));
    static final FactsTable<Meter> METERS = new FactsTable<>("meters", Meter.class,
            Meter.FIELDS, (id, facts) -> new Meter(new Id.Meter(id), facts));
    static final FactsTable<CustomerMeter> CUSTOMER_METERS = new FactsTable<>("customer_meters", CustomerMeter.class,
            CustomerMeter.FIELDS, (id, facts) -> new CustomerMeter(new Id.CustomerMeter(id), facts));

    /// In the order of their locks, which come after all others.
    static final List<FactsTable<? extends Reference>> REFERENCES = List.of(PRODUCTS, BENEFITS, CHECKOUTS, MEMBERS,
            SEATS, METERS, CUSTOMER_METERS);

    private LedgerTables() {}
}
