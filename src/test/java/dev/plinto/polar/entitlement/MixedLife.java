package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The events of a few organizations that buy from several providers, while products and benefits change; several may
/// be of one moment. And the truth at the end, read from each object's newest words by the rules alone.
///
/// Each choice makes one event, so that a failing life can be shrunk to a short one.
public final class MixedLife {

    private static final List<String> ORGANIZATIONS = List.of("org-a", "org-b");
    private static final List<String> CUSTOMERS = List.of("c", "conekta:c", "fungies:c");
    private static final List<String> BENEFITS = List.of("b1", "b2", "b3");
    private static final List<String> PRODUCTS = List.of("p1", "p2");
    private static final List<String> SUBSCRIPTIONS = List.of("conekta:s1", "conekta:s2", "fungies:s", "s");
    private static final List<String> ORDERS = List.of("conekta:o1", "fungies:o", "o");
    private static final List<String> STATUSES = List.of("active", "active", "trialing", "past_due", "canceled",
            "paused");
    private static final List<String> ORDER_STATUSES = List.of("paid", "paid", "partially_refunded", "refunded",
            "pending_payment");

    private final List<Event> events = new ArrayList<>();
    private final Random random;
    private int second;

    private MixedLife(long seed) {
        this.random = new Random(seed);
    }

    public static MixedLife of(List<Integer> choices) {
        MixedLife life = new MixedLife(choices.hashCode());
        choices.forEach(life::step);
        return life;
    }

    /// In the order in which they happened; those of one moment in any.
    public List<Event> events() {
        return events;
    }

    private void step(int choice) {
        second += random.nextInt(3);
        String webhookId = "%04x-%d".formatted(random.nextInt(0x10000), events.size());
        Draft statement = statement(choice);
        Event event = Draft.event(second, webhookId, statement, statement(random.nextInt(100)));
        events.add(random.nextInt(4) > 0 || !isPossible(event) ? Draft.event(second, webhookId, statement) : event);
    }

    /// An event is of one provider, and says one thing about an object.
    private static boolean isPossible(Event event) {
        Id first = event.statements().getFirst().id();
        Id last = event.statements().getLast().id();
        return !first.equals(last) && Provider.of(first) == Provider.of(last);
    }

    private Draft statement(int choice) {
        return switch (choice % 13) {
            case 0, 1, 2 -> subscription(any(SUBSCRIPTIONS));
            case 3 -> part(any(SUBSCRIPTIONS));
            case 4, 5 -> order(any(ORDERS));
            case 6, 7 -> Draft.product(any(PRODUCTS), some(BENEFITS));
            case 8 -> Draft.benefit(any(BENEFITS), any(List.of("One", "Another")), any(List.of("feature", "other")));
            case 9, 10 -> polarsGrant(random.nextInt(3));
            case 11 -> random.nextInt(30) > 0
                    ? Draft.customer(any(CUSTOMERS), any(ORGANIZATIONS))
                    : deleted(any(CUSTOMERS.subList(1, CUSTOMERS.size())));
            default -> random.nextBoolean()
                    ? Draft.snapshot("c", some(List.of("g0", "g1", "g2")))
                    : Draft.grant("conekta:s1:b1", "conekta:c", "conekta:s1", "b1", random.nextBoolean());
        };
    }

    private Draft subscription(String id) {
        String product = random.nextInt(5) == 0 ? null : any(PRODUCTS);
        String status = any(STATUSES);
        Instant end = random.nextInt(5) == 0 ? null : Draft.at(second + random.nextInt(6) - 1);
        String organization = random.nextInt(4) == 0 ? any(ORGANIZATIONS) : null;
        return facts -> new Subscription(new Id.Subscription(id), facts
                .carries(Subscription.CUSTOMER_ID, customerOf(id))
                .carries(Subscription.ORGANIZATION_ID, organization)
                .carries(Subscription.PRODUCT_ID, product)
                .carries(Subscription.STATUS, status)
                .carries(Subscription.CURRENT_PERIOD_END, end).build());
    }

    /// Some fields of it only.
    private Draft part(String id) {
        long seats = random.nextInt(3);
        String status = random.nextBoolean() ? any(STATUSES) : null;
        return facts -> new Subscription(new Id.Subscription(id), facts.carries(Subscription.SEATS, seats)
                .carriesIfPresent(Subscription.STATUS, status).build());
    }

    private Draft order(String id) {
        String product = any(PRODUCTS);
        String status = any(ORDER_STATUSES);
        long refunded = 50L * random.nextInt(3);
        String subscription = random.nextInt(4) == 0 ? "conekta:s1" : null;
        return facts -> new Order(new Id.Order(id), facts
                .carries(Order.CUSTOMER_ID, customerOf(id))
                .carries(Order.PRODUCT_ID, product)
                .carries(Order.STATUS, status)
                .carries(Order.TOTAL_AMOUNT, 100L)
                .carries(Order.REFUNDED_AMOUNT, refunded)
                .carriesIfPresent(Order.SUBSCRIPTION_ID, subscription).build());
    }

    private Draft polarsGrant(int number) {
        boolean isGranted = random.nextInt(3) > 0;
        String description = any(List.of("One", "Another"));
        return facts -> new Grant(new Id.Grant("g" + number), facts
                .carries(Grant.CUSTOMER_ID, "c")
                .carries(Grant.ORDER_ID, "o")
                .carries(Grant.BENEFIT_ID, BENEFITS.get(number))
                .carries(Grant.BENEFIT_TYPE, "custom")
                .carries(Grant.DESCRIPTION, description)
                .carries(Grant.IS_GRANTED, isGranted).build());
    }

    private static Draft deleted(String customer) {
        return facts -> new Customer(new Id.Customer(customer), facts
                .carries(Customer.DELETED_AT, Draft.at(0)).build());
    }

    private static String customerOf(String scope) {
        return scope.replaceFirst("[^:]*$", "c");
    }

    private String any(List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }

    private String[] some(List<String> texts) {
        return texts.stream().filter(text -> random.nextBoolean()).toArray(String[]::new);
    }

    /// By organization, the ids of the live grants that are derived.
    public Map<String, Set<String>> derived() {
        Map<Id, Map<Field<?>, Object>> words = new HashMap<>();
        Map<Id, Instant> lastWord = new HashMap<>();
        events.stream().sorted(Comparator.comparing(MixedLife::stamp)).forEach(event -> event.statements()
                .forEach(statement -> {
                    Map<Field<?>, Object> said = words.computeIfAbsent(statement.id(), id -> new HashMap<>());
                    statement.fields().stream().filter(field -> statement.facts().stamped(field) != null)
                            .forEach(field -> said.put(field, statement.facts().get(field)));
                    lastWord.put(statement.id(), event.cause().timestamp());
                }));
        Map<String, Set<String>> derived = new TreeMap<>();
        words.forEach((id, said) -> {
            boolean isScope = id instanceof Id.Subscription || id instanceof Id.Order;
            Object product = said.get(Scope.PRODUCT_ID);
            if (isScope && id.value().contains(":") && product != null && said.containsKey(Scope.CUSTOMER_ID)
                    && !isDeleted(said, words) && isPaidFor(id, said, lastWord.get(id))) {
                Object benefits = words.getOrDefault(new Id.Product((String) product), Map.of())
                        .getOrDefault(Product.BENEFIT_IDS, List.of());
                ((List<?>) benefits).forEach(benefit -> derived
                        .computeIfAbsent(account(said, words), account -> new TreeSet<>())
                        .add(id.value() + ":" + benefit));
            }
        });
        return derived;
    }

    private static Stamp stamp(Event event) {
        return new Stamp(event.cause().timestamp(), event.cause().webhookId());
    }

    private static boolean isPaidFor(Id id, Map<Field<?>, Object> said, Instant lastWord) {
        String status = (String) said.getOrDefault(Scope.STATUS, "");
        if (id instanceof Id.Order) {
            return said.get(Order.SUBSCRIPTION_ID) == null && (long) said.get(Order.REFUNDED_AMOUNT) < 100
                    && (status.equals("paid") || status.equals("partially_refunded"));
        }
        Instant end = (Instant) said.get(Subscription.CURRENT_PERIOD_END);
        return status.equals("active") || status.equals("trialing")
                || (status.equals("past_due") || status.equals("canceled")) && end != null && lastWord.isBefore(end);
    }

    private static boolean isDeleted(Map<Field<?>, Object> said, Map<Id, Map<Field<?>, Object>> words) {
        return words.getOrDefault(new Id.Customer((String) said.get(Scope.CUSTOMER_ID)), Map.of())
                .get(Customer.DELETED_AT) != null;
    }

    private static String account(Map<Field<?>, Object> said, Map<Id, Map<Field<?>, Object>> words) {
        Object own = said.get(Scope.ORGANIZATION_ID);
        String customer = (String) said.get(Scope.CUSTOMER_ID);
        Object linked = words.getOrDefault(new Id.Customer(customer), Map.of()).get(Customer.EXTERNAL_ID);
        return own != null ? (String) own : linked != null ? (String) linked : "customer:" + customer;
    }
}
