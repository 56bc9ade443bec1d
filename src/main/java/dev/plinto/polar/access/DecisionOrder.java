package dev.plinto.polar.access;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.TreeMap;

/// Puts past changes in the order in which they were decided. Of one key (the account's benefits, or a subscription)
/// that is the order of versions: an event that Polar emitted earlier can arrive later, and a transaction that began
/// earlier can commit later. Versions of different keys say nothing about each other, so time orders those.
final class DecisionOrder {

    /// Changes of one transaction have the same time; their causes then order them.
    private static final Comparator<PastChange> BY_TIME = Comparator.comparing(PastChange::decidedAt)
            .thenComparing(change -> change.cause().timestamp(), Comparator.nullsFirst(Comparator.naturalOrder()));

    private static final Comparator<Queue<PastChange>> BY_FIRST = Comparator.comparing(Queue::element,
            BY_TIME.thenComparing(change -> change instanceof PastChange.OfBenefits));

    /// @param subscriptions in any order
    /// @param benefits      likewise, but of each version in the order of the events
    static List<PastChange> of(List<PastChange.OfSubscription> subscriptions, List<PastChange.OfBenefits> benefits) {
        Map<String, List<PastChange>> bySubscription = new TreeMap<>();
        subscriptions.forEach(change -> bySubscription.computeIfAbsent(change.key(), key -> new ArrayList<>())
                .add(change));
        PriorityQueue<Queue<PastChange>> keys = new PriorityQueue<>(BY_FIRST);
        bySubscription.values().forEach(changes -> keys.add(byVersion(changes)));
        if (!benefits.isEmpty()) {
            keys.add(byVersion(benefits));
        }
        List<PastChange> ordered = new ArrayList<>();
        while (!keys.isEmpty()) {
            Queue<PastChange> first = keys.remove();
            ordered.add(first.remove());
            if (!first.isEmpty()) {
                keys.add(first);
            }
        }
        return ordered;
    }

    private static Queue<PastChange> byVersion(List<? extends PastChange> changes) {
        return new ArrayDeque<>(changes.stream().sorted(Comparator.comparingLong(PastChange::version)).toList());
    }

    private DecisionOrder() {}
}
