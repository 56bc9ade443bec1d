package dev.plinto.polar.usage;

import dev.plinto.polar.usage.UsageQueue.Waiting;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What is sent next: events of as many organizations as there are, in turn. A million events of one delay another's by
/// no more than a batch.
final class FairBatches {

    static final int MOST_EVENTS = 1_000;
    /// Well below Polar's limit of 10 MiB for a request, also with what else is said of each event.
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private final UsageQueue queue;
    private String after = "";

    FairBatches(UsageQueue queue) {
        this.queue = queue;
    }

    /// @param hasMore whether more is due
    record Batch(List<DueEvent> events, boolean hasMore) {

        static final Batch NONE = new Batch(List.of(), false);
    }

    /// Empty if nothing is due.
    ///
    /// @param without organizations that are left out
    Batch next(Set<String> without) {
        while (true) {
            boolean isFromStart = after.isEmpty();
            List<Waiting> found = queue.organizations(after, MOST_EVENTS);
            boolean isToEnd = found.size() < MOST_EVENTS;
            List<String> due = found.stream().filter(Waiting::isDue).map(Waiting::organization)
                    .filter(organization -> !without.contains(organization)).toList();
            List<DueEvent> events = due.isEmpty() ? List.of() : queue.events(due, MOST_EVENTS, MOST_BYTES);
            String last = isToEnd ? "" : found.getLast().organization();
            if (!events.isEmpty()) {
                boolean areAllServed = advance(due, events, last);
                return new Batch(events, events.size() == MOST_EVENTS || !areAllServed || !isToEnd);
            }
            after = last;
            if (isToEnd && isFromStart) {
                return Batch.NONE;
            }
        }
    }

    /// Whether the batch has an event of each organization; else the next one begins with the first of the others.
    private boolean advance(List<String> due, List<DueEvent> events, String last) {
        Set<String> served = new HashSet<>();
        events.forEach(event -> served.add(event.organization()));
        String servedLast = after;
        for (String organization : due) {
            if (!served.contains(organization)) {
                after = servedLast;
                return false;
            }
            servedLast = organization;
        }
        after = last;
        return true;
    }
}
