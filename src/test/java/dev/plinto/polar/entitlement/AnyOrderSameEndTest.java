package dev.plinto.polar.entitlement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.LargeAccount;
import dev.plinto.polar.testing.Lifecycle;
import dev.plinto.polar.testing.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/// Promises 3 and 7, from the envelope to the set of entitlements. For every lifecycle, any order of arrival with any
/// repeats ends in the same state, which is the true one, also of what is only read; snapshots replace lost events.
/// (`-Dtests.tries` sets the number of tries.)
class AnyOrderSameEndTest {

    private static final EventReader READER = new EventReader(Optional.empty());
    private static final int LARGE_LIVES_OF_1000 = Size.of("polar.test.large-lives-of-1000", 30, 60);

    @Property(seed = "955257")
    void anyOrder_endsTheSame_andSnapshotsReplaceLostEvents(
            @ForAll("choices") List<Integer> choices, @ForAll long order) {
        Lifecycle lifecycle = Lifecycle.of(choices);
        List<Event> events = lifecycle.events().stream().map(AnyOrderSameEndTest::read).flatMap(Optional::stream)
                .toList();

        End asEmitted = end(events);
        assertThat(asEmitted.access()).isEqualTo(lifecycle.truth());
        assertThat(lifecycle.held().differences(asEmitted.objects().values())).isEmpty();
        assertThat(end(shuffledWithRepeats(events, new Random(order)))).isEqualTo(asEmitted);
        assertThat(end(events.reversed())).isEqualTo(asEmitted);
        if (order % 4 == 0) { // takes as long as the other checks together
            assertThat(end(reconciled(lifecycle, new Random(order))).access()).isEqualTo(lifecycle.truth());
        }
    }

    /// Some lives have a customer with more grants than a message lists; they take a hundred times as long.
    @Provide
    Arbitrary<List<Integer>> choices() {
        Arbitrary<List<Integer>> usual = Arbitraries.integers().between(0, 99_999).list().ofMinSize(1).ofMaxSize(8);
        Arbitrary<Integer> large = Arbitraries.integers().between(Lifecycle.LARGE, Lifecycle.LARGE + 99_999)
                .withDistribution(RandomDistribution.uniform());
        Arbitrary<List<Integer>> withLarge = Arbitraries.oneOf(large, large, Arbitraries.integers().between(0, 99_999))
                .list().ofMinSize(2).ofMaxSize(8).withoutEdgeCases();
        return Arbitraries.frequencyOf(Tuple.of(1_000 - LARGE_LIVES_OF_1000, usual),
                Tuple.of(LARGE_LIVES_OF_1000, withLarge));
    }

    /// More grants than a message lists.
    @Property(tries = 20, seed = "955257")
    void largeAccount_endsTheSameInAnyOrder(@ForAll @IntRange(min = 1, max = 9) int benefits, @ForAll long order) {
        LargeAccount account = new LargeAccount("org-large", 300, benefits);
        List<WebhookEvent> life = new ArrayList<>(account.granted());
        life.addAll(account.revoked().subList(0, 100));
        List<Event> events = life.stream().map(AnyOrderSameEndTest::read).flatMap(Optional::stream).toList();

        End asEmitted = end(events);

        assertThat(asEmitted.sets().get(new Account("org-large")).stream().mapToInt(Entitlement::grantCount).sum())
                .isEqualTo(200);
        assertThat(end(shuffledWithRepeats(events, new Random(order)))).isEqualTo(asEmitted);
    }

    /// Some events, and snapshots of Polar's final objects, in any order. Orders have no snapshots, so none is left
    /// out.
    private static List<Event> reconciled(Lifecycle lifecycle, Random random) {
        List<Event> arrivals = new ArrayList<>(lifecycle.events().stream()
                .filter(event -> event.type().startsWith("order.") || random.nextInt(3) == 0)
                .map(AnyOrderSameEndTest::read).flatMap(Optional::stream).toList());
        Instant readAt = lifecycle.ended().plus(Duration.ofMinutes(2));
        List<PolarObject> listed = lifecycle.listed();
        Set<String> ids = listed.stream().map(PolarObject::id).collect(Collectors.toSet());
        Ledger ledger = new Ledger();
        arrivals.forEach(ledger::apply);
        Stream<Snapshot> gone = ledger.all().stream()
                .filter(object -> object instanceof Customer && !ids.contains(object.id().value()))
                .map(customer -> Snapshot.gone(customer, readAt.minusSeconds(1))); // customers are read first
        Stream.concat(listed.stream().map(object -> Snapshot.of(object, readAt)), gone)
                .forEach(snapshot -> arrivals.add(read(Snapshot.TYPE,
                        READER.readSnapshot(snapshot.id(), snapshot.body())).orElseThrow()));
        Collections.shuffle(arrivals, random);
        return arrivals;
    }

    /// @param access by account, the ids of all live grants
    private record End(Map<Id, TrackedObject> objects, Map<Account, List<Entitlement>> sets,
            Map<String, Set<String>> access, Map<Id, String> owners) {}

    private static Optional<Event> read(WebhookEvent event) {
        return read(event.type(), READER.read(event.webhookId(), event.body()));
    }

    private static Optional<Event> read(String type, Reading reading) {
        return switch (reading) {
            case Reading.Understood understood -> Optional.of(understood.event());
            case Reading.UnknownType unknown when unknown.type().equals(Lifecycle.FUTURE_TYPE) -> Optional.empty();
            case Reading other -> throw new AssertionError(type + " was read as " + other);
        };
    }

    private static End end(List<Event> arrivals) {
        Ledger ledger = new Ledger();
        EntitlementBook book = new EntitlementBook();
        Map<Account, Map<String, BenefitChange>> told = new HashMap<>();
        arrivals.forEach(event -> book.apply(ledger.apply(event).grants()).forEach(change -> told
                .computeIfAbsent(change.account(), account -> new TreeMap<>()).put(change.benefitId(), change)));
        assertThat(lastChanges(told)).as("what the changes of benefits add up to").isEqualTo(counts(book.all()));
        Map<Id, TrackedObject> objects = new HashMap<>();
        Map<Id, String> owners = new HashMap<>();
        ledger.all().forEach(object -> {
            objects.put(object.id(), object);
            if (object instanceof Subscription subscription) {
                owners.put(object.id(), ledger.state(subscription.id()).orElseThrow().account().value());
            }
        });
        Map<String, Set<String>> access = new TreeMap<>();
        book.all().forEach((account, set) -> access.put(account.value(), book.grantIds(account)));
        return new End(objects, book.all(), access, owners);
    }

    /// By account and benefit how many grants give it, as the last change of the benefit says.
    private static Map<Account, Map<String, Integer>> lastChanges(Map<Account, Map<String, BenefitChange>> told) {
        Map<Account, Map<String, Integer>> counts = new TreeMap<>();
        told.forEach((account, changes) -> changes.values().stream()
                .filter(change -> change.effect() != BenefitChange.Effect.REVOKED)
                .forEach(change -> counts.computeIfAbsent(account, key -> new TreeMap<>())
                        .put(change.benefitId(), change.grantCount())));
        return counts;
    }

    private static Map<Account, Map<String, Integer>> counts(Map<Account, List<Entitlement>> sets) {
        Map<Account, Map<String, Integer>> counts = new TreeMap<>();
        sets.forEach((account, set) -> set.forEach(benefit -> counts
                .computeIfAbsent(account, key -> new TreeMap<>()).put(benefit.benefitId(), benefit.grantCount())));
        return counts;
    }

    /// Each event once, twice or three times, in any order.
    private static List<Event> shuffledWithRepeats(List<Event> events, Random random) {
        List<Event> arrivals = new ArrayList<>(events);
        events.forEach(event -> {
            for (int i = random.nextInt(3); i > 0; i--) {
                arrivals.add(event);
            }
        });
        Collections.shuffle(arrivals, random);
        return arrivals;
    }
}
