package dev.plinto.polar.projection;

import dev.plinto.polar.Erased;
import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Checkout;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.CustomerMeter;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Member;
import dev.plinto.polar.entitlement.Meter;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Seat;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.polar.NamedOrganizations;
import dev.plinto.polar.projection.OpenTransaction.Reply;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Of which events nothing personal is stored: those of erased customers, and those that were said of an organization
/// before its erasure was complete. What they say of access counts as ever.
final class ErasedEvents {

    private final Erased.Ids ids;
    private final Map<String, Concerned> purchases;

    private ErasedEvents(Erased.Ids ids, Map<String, Concerned> purchases) {
        this.ids = ids;
        this.purchases = purchases;
    }

    /// The statement is sent; the events can be told once it is answered.
    static Reply<ErasedEvents> ask(OpenTransaction transaction, Erased erased, List<ReceivedEvent> events) {
        Concerned concerned = new Concerned();
        Map<String, Concerned> purchases = new HashMap<>(); // which may not be stored yet
        for (ReceivedEvent event : events) {
            concerned.add(event);
            statements(event).forEach(statement -> purchaseId(statement).ifPresent(
                    id -> purchases.computeIfAbsent(id, first -> new Concerned()).add(statement)));
        }
        Set<String> organizations = new HashSet<>(concerned.named);
        organizations.addAll(concerned.ofCustomers);
        return transaction.send(connection -> erased.among(connection, concerned.customers, organizations,
                concerned.purchases).map(ids -> new ErasedEvents(ids, purchases)));
    }

    boolean include(ReceivedEvent event) {
        if (ids.isEmpty()) {
            return false;
        }
        Concerned concerned = new Concerned();
        concerned.add(event);
        concerned.purchases.forEach(id -> Optional.ofNullable(purchases.get(id)).ifPresent(concerned::add));
        Instant moment = event.reading() instanceof Reading.Understood understood
                ? understood.event().cause().timestamp()
                : event.receivedAt(); // what it says of its own moment may be the fault
        return concerned.customers.stream().anyMatch(ids.customers()::contains)
                || Stream.concat(concerned.organizations().stream(), concerned.purchases.stream())
                        .anyMatch(id -> ids.includes(id, moment));
    }

    /// As it may be applied.
    Event applicable(ReceivedEvent received, Event event) {
        return include(received)
                ? new Event(event.cause(), event.statements().stream()
                        .map(statement -> isOfAnother(statement, event) ? statement : statement.withoutPersonalData())
                        .toList())
                : event;
    }

    /// Whether it is about a customer of an organization that is not erased, who bought for one that is.
    private boolean isOfAnother(TrackedObject statement, Event event) {
        return statement instanceof Customer customer && !ids.customers().contains(customer.id().value())
                && customer.facts().find(Customer.EXTERNAL_ID)
                        .filter(organization -> !ids.includes(organization, event.cause().timestamp())).isPresent();
    }

    private static List<TrackedObject> statements(ReceivedEvent event) {
        return event.reading() instanceof Reading.Understood understood ? understood.event().statements() : List.of();
    }

    private static Optional<String> purchaseId(TrackedObject statement) {
        return statement instanceof Subscription || statement instanceof Order
                ? Optional.of(statement.id().value())
                : Optional.empty();
    }

    /// Whom events are about. As for whose a purchase is, an organization that an object names itself comes before the
    /// customer's.
    private static final class Concerned {

        private final Set<String> customers = new HashSet<>();
        private final Set<String> named = new HashSet<>();
        private final Set<String> ofCustomers = new HashSet<>();
        private final Set<String> purchases = new HashSet<>(); // that tell whose a seat is

        Set<String> organizations() {
            return named.isEmpty() ? ofCustomers : named;
        }

        void add(ReceivedEvent event) {
            Optional.ofNullable(event.subject()).ifPresent(customers::add);
            statements(event).forEach(this::add);
            if (!(event.reading() instanceof Reading.Understood)) {
                named.addAll(NamedOrganizations.in(event.body()));
            }
        }

        void add(Concerned other) {
            customers.addAll(other.customers);
            named.addAll(other.named);
            ofCustomers.addAll(other.ofCustomers);
        }

        private void add(TrackedObject statement) {
            Facts facts = statement.facts();
            switch (statement) {
                case Customer customer -> {
                    customers.add(customer.id().value());
                    add(facts, Customer.EXTERNAL_ID, ofCustomers);
                }
                case Subscription subscription -> {
                    subscription.customer().map(Id::value).ifPresent(customers::add);
                    add(facts, Subscription.ORGANIZATION_ID, named);
                }
                case Order order -> {
                    order.customer().map(Id::value).ifPresent(customers::add);
                    add(facts, Order.ORGANIZATION_ID, named);
                }
                case Grant grant -> customers.add(grant.customer().value());
                case Checkout checkout -> {
                    add(facts, Checkout.CUSTOMER_ID, customers);
                    add(facts, Checkout.ORGANIZATION_ID, named);
                    add(facts, Checkout.EXTERNAL_CUSTOMER_ID, ofCustomers);
                }
                case Member member -> add(facts, Member.CUSTOMER_ID, customers);
                case Seat seat -> {
                    add(facts, Seat.CUSTOMER_ID, customers);
                    add(facts, Seat.SUBSCRIPTION_ID, purchases);
                    add(facts, Seat.ORDER_ID, purchases);
                }
                case CustomerMeter meter -> add(facts, CustomerMeter.CUSTOMER_ID, customers);
                case Product nobodys -> {}
                case Benefit nobodys -> {}
                case Meter nobodys -> {}
            }
        }

        private static void add(Facts facts, Field<String> field, Set<String> to) {
            facts.find(field).ifPresent(to::add);
        }
    }
}
