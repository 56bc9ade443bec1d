package dev.plinto.polar.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.sandbox.polar.Catalogue;
import dev.plinto.polar.sandbox.polar.Grants;
import dev.plinto.polar.sandbox.polar.InvalidFields;
import dev.plinto.polar.sandbox.polar.ListedObject;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.SubscriptionStatus;
import dev.plinto.polar.sandbox.polar.Subscriptions;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The events of some customers' lives at Polar, and Polar's true state at the end. One customer buys for two
/// organizations, one organization has two customers, one customer is linked late or never; products, benefits,
/// teams and seats change; changes happen at the same microsecond; unknown types and fields appear, and statements that
/// have lost a customer's link.
///
/// Each choice makes one change, so that a failing life can be shrunk to a short one. A choice of at least [#LARGE]
/// makes one to a customer with hundreds of grants, who exists from the first such choice on.
public final class Lifecycle {

    public static final int LARGE = 1_000_000;

    /// A type that Polar may add in the future.
    public static final String FUTURE_TYPE = "wallet.topped_up";

    private final List<String> organizations;
    private final List<WebhookEvent> events = new ArrayList<>();
    private final Set<WebhookEvent> lostLinks = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<UUID> customers = new ArrayList<>();
    private final SimulatedPolar polar;
    private final LargeCustomers large;
    private final Shop shop;
    private Instant now = Instant.parse("2026-10-01T08:00:00Z");

    private Lifecycle(long seed, String prefix) {
        organizations = List.of(prefix + "org-a", prefix + "org-b", prefix + "org-c");
        polar = new SimulatedPolar(() -> now, new Random(seed));
        large = new LargeCustomers(polar, organizations);
        shop = new Shop(polar, organizations, customers);
        customers.add(polar.customers().create(organizations.getFirst()));
        customers.add(polar.customers().create(organizations.getFirst()));
        customers.add(polar.customers().create(null));
    }

    public static Lifecycle of(List<Integer> choices) {
        return of(choices, "");
    }

    /// With organizations of its own, so that many lives share a database without overlap.
    public static Lifecycle of(List<Integer> choices, String prefix) {
        Lifecycle life = new Lifecycle(choices.hashCode(), prefix);
        choices.forEach(life::step);
        life.collect();
        return life;
    }

    /// Choices for the life of a large customer among others.
    public static List<Integer> largeChoices(int number, Random random) {
        return IntStream.range(0, number)
                .mapToObj(i -> random.nextInt(LARGE) + (i == 0 || random.nextInt(3) > 0 ? LARGE : 0)).toList();
    }

    /// The events without those that have lost a link.
    public List<WebhookEvent> eventsWithLinks() {
        return events.stream().filter(event -> !lostLinks.contains(event)).toList();
    }

    /// In the order in which Polar emitted them.
    public List<WebhookEvent> events() {
        return events;
    }

    /// The objects in Polar's lists at the end.
    public List<PolarObject> listed() {
        return Stream.of(
                polar.records().customers().map(customer -> listed(PolarObject.Kind.CUSTOMER, customer)),
                polar.records().subscriptions()
                        .map(subscription -> listed(PolarObject.Kind.SUBSCRIPTION, subscription)),
                polar.records().grants().map(grant -> listed(PolarObject.Kind.GRANT, grant)))
                .flatMap(objects -> objects).toList();
    }

    private static PolarObject listed(PolarObject.Kind kind, ListedObject object) {
        JsonNode json = object.json().get();
        return new PolarObject(kind, object.id().toString(),
                Optional.ofNullable(json.path("modified_at").textValue()).map(Instant::parse), json);
    }

    /// The end of the life, by Polar's clock.
    public Instant ended() {
        return now;
    }

    /// Polar's live grants by account, found without the rules under test.
    public Map<String, Set<String>> truth() {
        Map<String, JsonNode> scopes = new HashMap<>();
        Map<String, JsonNode> grants = new HashMap<>();
        Map<String, String> externalIds = new HashMap<>();
        for (WebhookEvent event : events) {
            JsonNode data = AlteredEvents.json(event).get("data");
            if (event.type().startsWith("subscription.") || event.type().startsWith("order.")) {
                scopes.put(data.get("id").asText(), data);
            } else if (event.type().startsWith("benefit_grant.")) {
                grants.put(data.get("id").asText(), data);
            } else if (event.type().startsWith("customer.")) {
                String externalId = data.path("external_id").asText(null);
                if (externalId != null || !data.path("deleted_at").isNull()) {
                    externalIds.put(data.path("id").asText(), externalId);
                }
            }
        }
        Map<String, Set<String>> truth = new TreeMap<>();
        for (UUID customer : customers) {
            for (UUID live : polar.grants().live(customer)) {
                JsonNode grant = grants.get(live.toString());
                JsonNode scope = scopes.get(grant.get(grant.get("subscription_id").isNull()
                        ? "order_id"
                        : "subscription_id").asText());
                JsonNode organization = scope == null ? null : scope.get("metadata").get("organization_id");
                String owner = (scope == null ? grant : scope).get("customer_id").asText();
                String account = organization != null
                        ? organization.asText()
                        : externalIds.get(owner) != null ? externalIds.get(owner) : "customer:" + owner;
                truth.computeIfAbsent(account, key -> new TreeSet<>()).add(live.toString());
            }
        }
        return truth;
    }

    /// What Polar holds of the objects that are only read.
    public HeldByPolar held() {
        return HeldByPolar.afterwards(polar, events);
    }

    private void step(int choice) {
        Random random = new Random(choice);
        now = now.plus(
                random.nextInt(5) == 0 ? Duration.ofDays(random.nextInt(40)) : Duration.ofSeconds(random.nextInt(90)));
        UUID customer = customers.get(random.nextInt(customers.size()));
        Runnable act = choice < LARGE ? () -> act(customer, random) : () -> large.act(customer, random);
        try {
            shop.catchUp();
            if (random.nextInt(6) == 0) {
                polar.simultaneously(act);
            } else {
                act.run();
            }
        } catch (IllegalStateException | InvalidFields makesNoSenseNow) {
            // this step is left out
        }
        collect();
    }

    private void act(UUID customer, Random random) {
        if (random.nextInt(4) == 0) {
            shop.act(customer, random);
            return;
        }
        List<UUID> subscriptions = polar.subscriptions().of(customer);
        if (subscriptions.isEmpty() || random.nextInt(5) == 0) {
            buy(customer, random);
            return;
        }
        UUID subscription = subscriptions.get(random.nextInt(subscriptions.size()));
        if (random.nextInt(3) == 0 && goOn(subscription, random)) {
            return;
        }
        List<Consumer<UUID>> ofSubscription = ofSubscription();
        List<Consumer<UUID>> ofCustomer = ofCustomer(random);
        int choice = random.nextInt(ofSubscription.size() + ofCustomer.size());
        if (choice < ofSubscription.size()) {
            ofSubscription.get(choice).accept(subscription);
        } else {
            ofCustomer.get(choice - ofSubscription.size()).accept(customer);
        }
    }

    private void buy(UUID customer, Random random) {
        Catalogue catalogue = polar.catalogue();
        UUID product = List.of(catalogue.pro(), catalogue.team(), catalogue.onboarding()).get(random.nextInt(3));
        Map<String, String> metadata = random.nextInt(2) == 0
                ? Map.of()
                : Map.of("organization_id", organizations.get(random.nextInt(organizations.size())));
        if (random.nextInt(3) == 0) {
            polar.checkouts().startTrial(customer, product, metadata);
        } else {
            polar.checkouts().purchase(customer, product, metadata);
        }
    }

    /// What is under way comes to its end: left to chance, hardly any life would get that far.
    private boolean goOn(UUID subscription, Random random) {
        Subscriptions subscriptions = polar.subscriptions();
        SubscriptionStatus status = subscriptions.status(subscription);
        if (subscriptions.cancelling(subscription)) {
            List.<Consumer<UUID>>of(subscriptions::uncancel, subscriptions::endPeriod).get(random.nextInt(2))
                    .accept(subscription);
        } else if (subscriptions.pausing(subscription)) {
            subscriptions.pause(subscription);
        } else if (status == SubscriptionStatus.PAUSED) {
            subscriptions.resume(subscription);
        } else if (status == SubscriptionStatus.PAST_DUE) {
            subscriptions.recoverPayment(subscription);
        } else {
            return false;
        }
        return true;
    }

    private List<Consumer<UUID>> ofSubscription() {
        Subscriptions subscriptions = polar.subscriptions();
        return List.of(subscriptions::cancelAtPeriodEnd, subscriptions::uncancel, subscriptions::endPeriod,
                subscriptions::revoke, subscriptions::reinstate, subscriptions::renew, subscriptions::failToRenew,
                subscriptions::recoverPayment, subscriptions::pauseAtPeriodEnd, subscriptions::pause,
                subscriptions::resume,
                subscription -> subscriptions.changePlan(subscription, polar.catalogue().team()),
                subscription -> subscriptions.changePlan(subscription, polar.catalogue().pro()));
    }

    private List<Consumer<UUID>> ofCustomer(Random random) {
        return List.of(
                customer -> polar.customers().setExternalId(customer, organizations.get(random.nextInt(3))),
                customer -> polar.customers().rename(customer, "Robin Renamed"),
                customer -> polar.customers().delete(customer),
                customer -> polar.customers().consume(customer, 2.5),
                customer -> polar.grants().emitState(customer),
                customer -> giveBeforeASnapshotIsSent(customer, random),
                customer -> polar.refunds().refund(any(polar.orders().of(customer), random), random.nextBoolean()),
                customer -> polar.grants().give(customer,
                        any(polar.catalogue().benefitsOf(polar.catalogue().team()), random)),
                customer -> polar.grants().giveNeedingAction(customer,
                        any(polar.catalogue().benefitsOf(polar.catalogue().pro()), random)),
                customer -> polar.catalogue().describeBenefit(
                        any(polar.catalogue().benefitsOf(polar.catalogue().pro()), random), "Now even better"),
                customer -> polar.catalogue().renameProduct(polar.catalogue().pro(), "Pro " + random.nextInt(9)));
    }

    /// Polar builds a snapshot before it stamps it, so a later one may contain less.
    private void giveBeforeASnapshotIsSent(UUID customer, Random random) {
        Grants.Snapshot outdated = polar.grants().snapshot(customer);
        polar.grants().give(customer, any(polar.catalogue().benefitsOf(polar.catalogue().pro()), random));
        polar.grants().emit(outdated);
    }

    static UUID any(List<UUID> ids, Random random) {
        if (ids.isEmpty()) {
            throw new IllegalStateException("nothing to choose from");
        }
        return ids.get(random.nextInt(ids.size()));
    }

    /// Adds a future field or a future type to some events.
    private void collect() {
        for (WebhookEvent event : polar.takeEvents()) {
            int pick = Math.floorMod(event.webhookId().hashCode(), 12);
            events.add(pick == 0 ? AlteredEvents.withFutureField(event) : event);
            if (pick == 1) {
                events.add(AlteredEvents.ofFutureType(event));
            }
            if (event.type().startsWith("customer.") && pick < 6) {
                AlteredEvents.withoutLink(event).ifPresent(lost -> {
                    events.add(lost);
                    lostLinks.add(lost);
                });
            }
        }
    }
}
