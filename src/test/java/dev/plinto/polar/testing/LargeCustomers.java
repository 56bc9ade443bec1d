package dev.plinto.polar.testing;

import dev.plinto.polar.sandbox.polar.Catalogue;
import dev.plinto.polar.sandbox.polar.Grants;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Customers with more grants than a message lists: of few benefits, as a team with seats has them, or each of another
/// benefit. Each act makes one change.
final class LargeCustomers {

    private static final int FEWEST_GRANTS = 120;
    private static final int MOST_GRANTS = 400;
    private static final int FEW_BENEFITS = 4;
    /// Polar's snapshots are a few seconds old at most, and each change takes some time.
    private static final int CHANGES_WHILE_A_SNAPSHOT_IS_SENT = 10;

    private final SimulatedPolar polar;
    private final List<String> organizations;
    /// By customer, live or not.
    private final Map<UUID, Set<UUID>> grants = new LinkedHashMap<>();

    LargeCustomers(SimulatedPolar polar, List<String> organizations) {
        this.polar = polar;
        this.organizations = organizations;
    }

    /// On one of the large customers; this one becomes large if there is none, and sometimes if there is.
    void act(UUID customer, Random random) {
        if (grants.isEmpty() || random.nextInt(8) == 0) {
            give(customer, random);
            return;
        }
        List<Consumer<UUID>> acts = acts(random);
        acts.get(random.nextInt(acts.size())).accept(Lifecycle.any(List.copyOf(grants.keySet()), random));
    }

    private List<Consumer<UUID>> acts(Random random) {
        return List.of(
                customer -> revoke(customer, random.nextInt(MOST_GRANTS), random),
                customer -> revoke(customer, MOST_GRANTS, random),
                customer -> giveAgain(customer, random.nextInt(MOST_GRANTS), random),
                customer -> giveAgain(customer, MOST_GRANTS, random),
                customer -> changeBeforeASnapshotIsSent(customer, random),
                customer -> polar.grants().emitState(customer),
                customer -> polar.customers().setExternalId(customer, organizations.get(random.nextInt(3))),
                customer -> polar.customers().delete(customer));
    }

    private void give(UUID customer, Random random) {
        int wanted = random.nextInt(FEWEST_GRANTS, MOST_GRANTS + 1);
        int benefits = random.nextInt(3) == 0 ? wanted : 1 + random.nextInt(FEW_BENEFITS);
        List<UUID> subscriptions = polar.subscriptions().of(customer);
        UUID subscription = subscriptions.isEmpty() || random.nextBoolean()
                ? null
                : Lifecycle.any(subscriptions, random);
        List<UUID> given = polar.grants().giveEach(customer, subscription, members(customer, wanted / benefits),
                benefits(benefits));
        grants.computeIfAbsent(customer, key -> new LinkedHashSet<>()).addAll(given);
    }

    private List<UUID> members(UUID customer, int number) {
        return older(() -> IntStream.range(0, number)
                .mapToObj(i -> polar.customers().addMember(customer, "seat-" + i + "@customer.example")).toList());
    }

    /// The catalogue's first, which lives change, and as many others as are missing.
    private List<UUID> benefits(int number) {
        Catalogue catalogue = polar.catalogue();
        Set<UUID> benefits = new LinkedHashSet<>(catalogue.benefitsOf(catalogue.pro()));
        benefits.addAll(catalogue.benefitsOf(catalogue.team()));
        return older(() -> {
            for (int i = benefits.size(); i < number; i++) {
                benefits.add(catalogue.addBenefit("Benefit " + i, "benefit_" + i));
            }
            return benefits.stream().limit(number).toList();
        });
    }

    /// Makes something that is older than the life, which has no events of it.
    private <T> T older(Supplier<T> made) {
        T result = made.get();
        polar.takeEvents();
        return result;
    }

    private void revoke(UUID customer, int atMost, Random random) {
        polar.grants().revoke(customer, some(polar.grants().live(customer), atMost, random));
    }

    private void giveAgain(UUID customer, int atMost, Random random) {
        Set<UUID> revoked = new LinkedHashSet<>(grants.get(customer));
        revoked.removeAll(polar.grants().live(customer));
        polar.grants().giveAgain(customer, some(revoked, atMost, random));
    }

    /// Polar builds a snapshot before it stamps it, so it lists grants that were revoked meanwhile, and omits new ones.
    private void changeBeforeASnapshotIsSent(UUID customer, Random random) {
        Grants.Snapshot outdated = polar.grants().snapshot(customer);
        if (random.nextBoolean()) {
            revoke(customer, CHANGES_WHILE_A_SNAPSHOT_IS_SENT, random);
        } else {
            giveAgain(customer, CHANGES_WHILE_A_SNAPSHOT_IS_SENT, random);
        }
        polar.grants().emit(outdated);
    }

    private static List<UUID> some(Set<UUID> ids, int atMost, Random random) {
        if (ids.isEmpty() || atMost == 0) {
            throw new IllegalStateException("nothing to choose from");
        }
        List<UUID> shuffled = new ArrayList<>(ids);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, Math.min(atMost, shuffled.size()));
    }
}
