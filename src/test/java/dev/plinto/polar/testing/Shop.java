package dev.plinto.polar.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.Catalogue;
import dev.plinto.polar.sandbox.polar.ListedObject;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.TestCard;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What a life buys step by step: checkouts that succeed, fail or expire, seats of teams, refunds and invoices. Each
/// act makes one change.
final class Shop {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final List<String> COUNTRIES = List.of("ES", "PE", "CU");

    private final SimulatedPolar polar;
    private final List<String> organizations;
    /// Whoever buys as a guest is added.
    private final List<UUID> customers;
    private final Merchandise merchandise;
    private boolean bankDecides;

    Shop(SimulatedPolar polar, List<String> organizations, List<UUID> customers) {
        this.polar = polar;
        this.organizations = organizations;
        this.customers = customers;
        merchandise = new Merchandise(polar);
    }

    /// A payment that was left to the bank is decided, with whatever else is due.
    void catchUp() {
        if (bankDecides) {
            bankDecides = false;
            polar.calendar().catchUp();
        }
    }

    void act(UUID customer, Random random) {
        List<Consumer<UUID>> acts = switch (random.nextInt(4)) {
            case 0 -> ofCheckouts(random);
            case 1 -> ofSeats(random);
            case 2 -> ofOrdersAndMembers(random);
            default -> merchandise.acts(random);
        };
        acts.get(random.nextInt(acts.size())).accept(customer);
    }

    private List<Consumer<UUID>> ofCheckouts(Random random) {
        return List.of(
                customer -> polar.checkouts().open(product(random), organization(random), metadata(random), false),
                customer -> polar.checkoutSessions().create(
                        List.of(polar.catalogue().pro(), polar.catalogue().team(), polar.catalogue().studio()),
                        JSON.objectNode().put("external_customer_id", organization(random))),
                customer -> polar.checkoutSessions().update(checkout(random),
                        JSON.objectNode().put("product_id", product(random).toString())),
                customer -> polar.checkouts().expire(checkout(random)),
                customer -> confirm(random, TestCard.PAYS),
                customer -> confirm(random, TestCard.PAYS_LATER),
                customer -> confirm(random, TestCard.DECLINED_LATER),
                customer -> polar.customers().delete(confirm(random, TestCard.PAYS_LATER)));
    }

    /// A checkout that is open, or a new one.
    ///
    /// @return the buyer
    private UUID confirm(Random random, TestCard card) {
        List<UUID> open = polar.records().checkouts()
                .filter(checkout -> "open".equals(checkout.keys().get("status"))).map(ListedObject::id).toList();
        UUID checkout = open.isEmpty()
                ? polar.checkouts().open(product(random), organization(random), metadata(random), false)
                : Lifecycle.any(open, random);
        ObjectNode fields = JSON.objectNode();
        if (polar.checkoutSessions().json(checkout).path("customer_id").isNull()) {
            fields.put("customer_email", "guest-" + random.nextInt(1_000_000) + "@customer.example");
        }
        fields.putObject("customer_billing_address").put("country", COUNTRIES.get(random.nextInt(COUNTRIES.size())));
        polar.checkoutSessions().confirm(checkout, fields, card.token());
        UUID buyer = UUID.fromString(polar.checkoutSessions().json(checkout).get("customer_id").textValue());
        if (!customers.contains(buyer)) {
            customers.add(buyer);
        }
        bankDecides |= card != TestCard.PAYS;
        return buyer;
    }

    private List<Consumer<UUID>> ofSeats(Random random) {
        return List.of(
                customer -> buySeats(customer, random),
                customer -> buySeats(customer, random),
                customer -> assign(seatedSubscription(random), random),
                customer -> polar.seats().claim(seat(random, "pending")),
                customer -> polar.seats().revoke(seat(random, "pending")),
                customer -> polar.seats().revoke(seat(random, "claimed")));
    }

    private void buySeats(UUID customer, Random random) {
        UUID subscription = polar.checkouts().purchaseSeats(customer, 1 + random.nextInt(3), metadata(random));
        assign(subscription, random);
    }

    private void assign(UUID subscription, Random random) {
        UUID seat = polar.seats().assign(subscription, "person-" + random.nextInt(3) + "@customer.example");
        if (random.nextInt(4) == 0) {
            polar.seats().claim(seat);
        }
    }

    private List<Consumer<UUID>> ofOrdersAndMembers(Random random) {
        return List.of(
                customer -> polar.refunds().request(order(customer, random), 1 + random.nextInt(1_000)),
                customer -> polar.refunds().complete(Lifecycle.any(pendingRefunds(), random)),
                customer -> polar.invoices().generate(order(customer, random)),
                customer -> polar.customers().consume(customer, 0.1),
                customer -> polar.customers().addMember(customer, "member-" + random.nextInt(99) + "@customer.example"),
                customer -> polar.customers().removeMember(member(customer, random)),
                customer -> createTeam(random),
                customer -> polar.customerMembers().update(member(customer, random), JSON.objectNode()
                        .put("name", "Kim " + random.nextInt(9))
                        .put("role", List.of("owner", "billing_manager", "member").get(random.nextInt(3)))));
    }

    private void createTeam(Random random) {
        int number = random.nextInt(1_000_000);
        ObjectNode team = JSON.objectNode().put("type", "team").put("name", "Team " + number);
        team.putObject("owner").put("email", "owner-" + number + "@customer.example").put("name", "Alex Owner")
                .put("external_id", "user-" + number);
        customers.add(polar.customerRegister().create(team));
    }

    private UUID product(Random random) {
        Catalogue catalogue = polar.catalogue();
        return List.of(catalogue.pro(), catalogue.team(), catalogue.onboarding()).get(random.nextInt(3));
    }

    private String organization(Random random) {
        return random.nextInt(3) == 0 ? null : organizations.get(random.nextInt(organizations.size()));
    }

    private Map<String, String> metadata(Random random) {
        String organization = organization(random);
        return organization == null ? Map.of() : Map.of("organization_id", organization);
    }

    private UUID checkout(Random random) {
        return Lifecycle.any(ids(polar.records().checkouts()), random);
    }

    private UUID order(UUID customer, Random random) {
        return Lifecycle.any(polar.orders().of(customer), random);
    }

    private List<UUID> pendingRefunds() {
        return customers.stream().flatMap(customer -> polar.refunds().pendingOf(customer).stream()).toList();
    }

    private UUID member(UUID customer, Random random) {
        return Lifecycle.any(ids(polar.customerRecords().members(customer)), random);
    }

    private UUID seat(Random random, String status) {
        return Lifecycle.any(ids(polar.records().seats().filter(seat -> status.equals(seat.keys().get("status")))),
                random);
    }

    private UUID seatedSubscription(Random random) {
        return Lifecycle.any(ids(polar.records().subscriptions()
                .filter(subscription -> polar.subscriptions().hasSeats(subscription.id()))), random);
    }

    private static List<UUID> ids(Stream<ListedObject> objects) {
        return objects.map(ListedObject::id).toList();
    }
}
