package dev.plinto.polar.usage;

import dev.plinto.polar.usage.UsageStore.Known;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// A request that waits for its events to be durable: each of them once.
final class UsageRequest {

    /// An event with more text than this counts as several: memory and statements are bounded by them.
    private static final int CHARACTERS = 1_000;

    private final int size;
    private final int weight;
    private final List<UsageEvent> events = new ArrayList<>();
    /// Of each of them, the index in the request.
    private final List<Integer> indexes = new ArrayList<>();
    private final List<ReusedKey> reused = new ArrayList<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    /// @param sent at least one event
    UsageRequest(List<UsageEvent> sent) {
        size = sent.size();
        Map<UUID, UsageEvent> first = LinkedHashMap.newLinkedHashMap(sent.size());
        for (int index = 0; index < sent.size(); index++) {
            UsageEvent event = sent.get(index);
            UsageEvent before = first.putIfAbsent(event.id().value(), event);
            if (before == null) {
                events.add(event);
                indexes.add(index);
            } else if (!event.repeats(before)) {
                reused.add(ReusedKey.of(index, event, before.name(), before.quantity()));
            }
        }
        weight = events.stream().mapToInt(event -> 1 + event.characters() / CHARACTERS).sum();
        if (!reused.isEmpty()) {
            outcome.complete(new Outcome.Refused(reused));
        }
    }

    /// How many events it counts as while it waits.
    int weight() {
        return weight;
    }

    /// Those that are to be taken, no two of the same id.
    List<UsageEvent> events() {
        return events;
    }

    /// Whose usage it is, of the first event.
    String organization() {
        return events.getFirst().organization();
    }

    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    /// @param known those of [#events()] that were taken before, each with its position there
    void answered(List<Known> known) {
        known.stream().filter(Known::isAnother).forEach(other -> reused.add(ReusedKey.of(
                indexes.get(other.position()), events.get(other.position()), other.name(), other.quantity())));
        int accepted = events.size() - known.size();
        outcome.complete(reused.isEmpty()
                ? new Outcome.Taken(accepted, size - accepted)
                : new Outcome.Refused(reused));
    }
}
