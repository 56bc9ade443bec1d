package dev.plinto.polar.usage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// The requests that wait for the database, in the order in which they came, and the ids that statements are about.
/// What waits is bounded, and one organization's part of it, so that others find room beside it: by events, of which
/// long ones count as several ([UsageRequest#weight()]).
final class WaitingUsage {

    /// Two, so that PostgreSQL works on one while it makes the other durable.
    private static final int MOST_STATEMENTS = 2;
    private static final int MOST_EVENTS_OF_STATEMENT = 4_000;
    static final int MOST_EVENTS = 20_000;
    static final int MOST_OF_ORGANIZATION = MOST_EVENTS / 2;

    private final Set<UsageRequest> waiting = new LinkedHashSet<>();
    private final Map<String, Integer> byOrganization = new HashMap<>();
    private final Set<UUID> running = new HashSet<>();
    private int events;
    private int statements;

    /// Returns false if there is no room for it.
    synchronized boolean add(UsageRequest request) {
        int added = request.weight();
        int ofOrganization = byOrganization.getOrDefault(request.organization(), 0) + added;
        if (events + added > MOST_EVENTS || ofOrganization > MOST_OF_ORGANIZATION) {
            return false;
        }
        waiting.add(request);
        events += added;
        byOrganization.put(request.organization(), ofOrganization);
        return true;
    }

    /// Drops a request that was answered while it waited.
    synchronized void remove(UsageRequest request) {
        if (waiting.remove(request)) {
            left(request);
        }
    }

    private void left(UsageRequest request) {
        events -= request.weight();
        byOrganization.computeIfPresent(request.organization(), (organization, waiting) -> {
            int less = waiting - request.weight();
            return less == 0 ? null : less;
        });
    }

    /// The requests of the next statement, until [#done(Collection)]; empty if there is nothing to do now. No two of
    /// them, and of the running ones, have an id in common: the later request waits, and finds the key taken.
    synchronized List<UsageRequest> next() {
        List<UsageRequest> next = new ArrayList<>();
        if (statements == MOST_STATEMENTS) {
            return next;
        }
        int taken = 0;
        for (Iterator<UsageRequest> any = waiting.iterator(); any.hasNext() && taken < MOST_EVENTS_OF_STATEMENT;) {
            UsageRequest request = any.next();
            if (request.events().stream().noneMatch(event -> running.contains(event.id().value()))) {
                any.remove();
                left(request);
                request.events().forEach(event -> running.add(event.id().value()));
                next.add(request);
                taken += request.weight();
            }
        }
        statements += next.isEmpty() ? 0 : 1;
        return next;
    }

    synchronized void done(Collection<UsageRequest> merge) {
        merge.forEach(request -> request.events().forEach(event -> running.remove(event.id().value())));
        statements--;
    }
}
