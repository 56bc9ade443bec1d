package dev.plinto.polar.testing;

import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.entitlement.Entitlement;
import dev.plinto.polar.entitlement.EntitlementBook;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.SubscriptionState;
import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Thousands of deliveries as after a long outage: the lives of some hundred customers interleaved, some events late,
/// some twice, some of unknown types, some not events at all; and the expected result.
public final class MadeBacklog {

    private static final int CHOICES = 8;
    private static final int LATE = 20;
    private static final int TWICE = 20;
    private static final List<String> UNREADABLE = List.of("this is no JSON", "[]", "{\"data\":{}}",
            "{\"type\":\"subscription.updated\",\"data\":{\"id\":\"\"}}",
            "{\"type\":\"customer.created\",\"timestamp\":\"yesterday\",\"data\":{\"id\":\"x\"}}",
            "{\"type\":\"order.paid\",\"type\":\"order.created\"}", "");

    private final List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    private final Set<String> parked = new TreeSet<>();
    private final Set<String> projected = new TreeSet<>();
    private final Map<String, Set<String>> truth = new TreeMap<>();
    private final Ledger ledger = new Ledger();
    private final EntitlementBook book = new EntitlementBook();

    private MadeBacklog() {}

    /// At least this many deliveries; the same name gives the same backlog.
    public static MadeBacklog of(int deliveries, String name) {
        return of(deliveries, name, 0, Lifecycle::events);
    }

    /// The same without statements that have lost a customer's link.
    public static MadeBacklog withLinks(int deliveries, String name) {
        return of(deliveries, name, 0, Lifecycle::eventsWithLinks);
    }

    /// The same; among the customers is one with hundreds of grants, whose life is as long as the backlog allows.
    public static MadeBacklog withLargeAccount(int deliveries, String name) {
        return of(deliveries, name, Math.min(CHOICES, 1 + deliveries / 300), Lifecycle::events);
    }

    /// The events that grant all that a large account has, in order.
    public static MadeBacklog grantsOf(LargeAccount account) {
        return of(account, account.granted());
    }

    /// The whole life of a large account, in order.
    public static MadeBacklog of(LargeAccount account) {
        return of(account, account.life());
    }

    private static MadeBacklog of(LargeAccount account, List<WebhookEvent> events) {
        MadeBacklog backlog = new MadeBacklog();
        EventReader reader = new EventReader(Optional.empty());
        events.forEach(event -> backlog.add(reader, event));
        backlog.truth.put(account.organization(), account.grants());
        return backlog;
    }

    private static MadeBacklog of(int deliveries, String name, int large,
            Function<Lifecycle, List<WebhookEvent>> events) {
        MadeBacklog backlog = new MadeBacklog();
        Random random = new Random(name.hashCode());
        backlog.arrange(backlog.live(deliveries * 19 / 20, name, large, events, random), name, random);
        return backlog;
    }

    public List<ProducerRecord<String, byte[]>> records() {
        return records;
    }

    /// The webhook ids that must be in the inbox.
    public Set<String> projected() {
        return projected;
    }

    /// The webhook ids that must be parked.
    public Set<String> parked() {
        return parked;
    }

    /// Polar's live grants by account.
    public Map<String, Set<String>> truth() {
        return truth;
    }

    /// The entitlements of each account by the rules alone: applied in memory, one event after the other.
    public Map<Account, List<Entitlement>> sets() {
        return book.all();
    }

    /// The account and status of each subscription, by the rules alone.
    public Map<String, String> subscriptions() {
        Map<String, String> subscriptions = new TreeMap<>();
        ledger.all().forEach(known -> {
            if (known instanceof Subscription subscription) {
                SubscriptionState state = ledger.state(subscription.id()).orElseThrow();
                subscriptions.put(subscription.id().value(), state.account().value() + " " + state.status());
            }
        });
        return subscriptions;
    }

    private List<WebhookEvent> live(int wanted, String name, int large,
            Function<Lifecycle, List<WebhookEvent>> eventsOf, Random random) {
        List<List<WebhookEvent>> lives = new ArrayList<>();
        for (int events = 0; events < wanted; events += lives.getLast().size()) {
            List<Integer> choices = lives.isEmpty() && large > 0
                    ? Lifecycle.largeChoices(large, random)
                    : IntStream.range(0, CHOICES).mapToObj(i -> random.nextInt(Lifecycle.LARGE)).toList();
            Lifecycle life = Lifecycle.of(choices, name + "-" + lives.size() + "-");
            lives.add(eventsOf.apply(life));
            life.truth().forEach((account, grants) -> {
                if (truth.put(account, grants) != null) {
                    throw new IllegalStateException("two lives share the account " + account);
                }
            });
        }
        return interleaved(lives, random);
    }

    private static List<WebhookEvent> interleaved(List<List<WebhookEvent>> lives, Random random) {
        List<Integer> turns = new ArrayList<>();
        IntStream.range(0, lives.size()).forEach(life -> lives.get(life).forEach(event -> turns.add(life)));
        Collections.shuffle(turns, random);
        int[] taken = new int[lives.size()];
        return turns.stream().map(life -> lives.get(life).get(taken[life]++)).toList();
    }

    private void arrange(List<WebhookEvent> events, String name, Random random) {
        EventReader reader = new EventReader(Optional.empty());
        List<WebhookEvent> order = new ArrayList<>(events);
        for (int i = 0; i < order.size(); i++) {
            if (random.nextInt(LATE) == 0) {
                Collections.swap(order, i, Math.min(order.size() - 1, i + random.nextInt(500)));
            }
        }
        List<String> unreadable = new ArrayList<>(UNREADABLE);
        for (int i = 0; i < order.size(); i++) {
            add(reader, order.get(i));
            if (random.nextInt(TWICE) == 0) {
                add(reader, order.get(random.nextInt(i + 1)));
            }
            if (i % 500 == 0 && !unreadable.isEmpty()) {
                String id = UUID.nameUUIDFromBytes((name + i).getBytes(StandardCharsets.UTF_8)).toString();
                records.add(RawTopicWriter.record(id, unreadable.removeLast().getBytes(StandardCharsets.UTF_8)));
                parked.add(id);
            }
        }
    }

    private void add(EventReader reader, WebhookEvent event) {
        records.add(RawTopicWriter.record(event));
        projected.add(event.webhookId());
        if (reader.read(event.webhookId(), event.body()) instanceof Reading.Understood(Event understood)) {
            book.apply(ledger.apply(understood).grants());
        }
    }

    /// The webhook ids that are in the wrong set, in none or in both.
    public Set<String> misplaced(Set<String> inbox, Set<String> parkedThere) {
        Set<String> misplaced = new HashSet<>();
        projected.stream().filter(id -> !inbox.contains(id) || parkedThere.contains(id)).forEach(misplaced::add);
        parked.stream().filter(id -> inbox.contains(id) || !parkedThere.contains(id)).forEach(misplaced::add);
        return misplaced;
    }
}
