package dev.plinto.polar.entitlement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// Promise 3 where Polar's grants and derived ones give one organization its benefits, and products and benefits
/// change: any order of arrival with any repeats ends in the same grants, to the stamps of their facts, and in the same
/// sets, in memory and in rows.
class DerivedInAnyOrderTest {

    private static final int ORDERS = Size.of("polar.test.orders-of-a-life", 2, 4);

    private record End(Map<Id, TrackedObject> objects, Map<Account, List<Entitlement>> sets) {}

    @Property(tries = 10_000, seed = "955257")
    void anyOrder_endsInTheSameGrants_andTheTrueOnes(
            @ForAll("choices") List<Integer> choices, @ForAll long order) {
        MixedLife life = MixedLife.of(choices);
        Random random = new Random(order);

        End asHappened = end(life.events());

        assertThat(derived(asHappened)).isEqualTo(life.derived());
        assertSame(end(life.events().reversed()), asHappened);
        for (int i = 0; i < ORDERS; i++) {
            assertSame(end(shuffledWithRepeats(life.events(), random)), asHappened);
        }
        assertSame(endInRows(shuffledWithRepeats(life.events(), random), random), asHappened);
    }

    @Provide
    Arbitrary<List<Integer>> choices() {
        return Arbitraries.integers().between(0, 9_999).list().ofMaxSize(60);
    }

    /// The property tries what it promises only if lives get that far.
    @Test
    void lives_haveOrganizationsThatHoldSomethingOfBothKinds_andProductsThatChange() {
        Random random = new Random(955_257);
        int mixed = 0;
        int forgotten = 0;
        for (int i = 0; i < 400; i++) {
            MixedLife life = MixedLife.of(random.ints(40, 0, 10_000).boxed().toList());
            Ledger ledger = new Ledger();
            life.events().forEach(ledger::apply);
            forgotten += ledger.forgotten().size();
            mixed += (int) end(life.events()).sets.values().stream().filter(set -> set.stream()
                    .flatMap(benefit -> benefit.grants().stream()).map(grant -> new Id.Grant(grant.grantId()))
                    .map(DerivedGrants::has).distinct().count() == 2).count();
        }

        assertThat(mixed).isGreaterThan(50);
        assertThat(forgotten).isGreaterThan(200);
    }

    private static void assertSame(End end, End expected) {
        assertThat(differing(end.objects, expected.objects)).isEqualTo(differing(expected.objects, end.objects));
        assertThat(differing(end.sets, expected.sets)).isEqualTo(differing(expected.sets, end.sets));
    }

    private static <K, V> Map<K, V> differing(Map<K, V> values, Map<K, V> others) {
        Map<K, V> differing = new HashMap<>(values);
        differing.entrySet().removeAll(others.entrySet());
        return differing;
    }

    private static End end(List<Event> arrivals) {
        Ledger ledger = new Ledger();
        EntitlementBook book = new EntitlementBook();
        arrivals.forEach(event -> book.apply(ledger.apply(event).grants()));
        Map<Id, TrackedObject> objects = new HashMap<>();
        ledger.all().forEach(object -> objects.put(object.id(), object));
        return new End(objects, book.all());
    }

    /// In batches of any size, with the due work at any time.
    private static End endInRows(List<Event> arrivals, Random random) {
        StoredLedger stored = new StoredLedger();
        for (int from = 0, to; from < arrivals.size(); from = to) {
            to = Math.min(arrivals.size(), from + 1 + random.nextInt(4));
            stored.project(arrivals.subList(from, to));
            if (random.nextInt(4) == 0) {
                stored.carryOutDueWork();
            }
        }
        stored.carryOutDueWork();
        EntitlementBook book = new EntitlementBook();
        stored.holdings().values().forEach(book::load);
        return new End(stored.objects(), book.all());
    }

    /// By account, the ids of the live grants that are derived.
    private static Map<String, Set<String>> derived(End end) {
        Map<String, Set<String>> derived = new TreeMap<>();
        end.sets.forEach((account, set) -> set.stream().flatMap(benefit -> benefit.grants().stream())
                .map(Entitlement.Through::grantId).filter(grant -> DerivedGrants.has(new Id.Grant(grant)))
                .forEach(grant -> derived.computeIfAbsent(account.value(), key -> new TreeSet<>()).add(grant)));
        return derived;
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
