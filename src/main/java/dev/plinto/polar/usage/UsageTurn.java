package dev.plinto.polar.usage;

import dev.plinto.polar.polar.api.Ingestion;
import dev.plinto.polar.polar.api.IngestionFault;
import dev.plinto.polar.polar.api.NewEvent;
import dev.plinto.polar.polar.api.PolarEvents;
import dev.plinto.polar.usage.FairBatches.Batch;
import io.quarkus.logging.Log;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Sends one batch at a time, and settles what has become of it. Polar takes a batch whole or not at all: of one that
/// it refuses, the events at fault are taken out, and the rest is sent again. Where Polar does not say which they are,
/// the batch is halved until they stand alone. Every second request goes on with other organizations meanwhile.
///
/// What is known here alone may be lost at any time: all that was not settled is pending in the database.
final class UsageTurn {

    /// An event that Polar does not want now, since it is in the future by Polar's clock: our clocks are not further
    /// apart than this, or Polar's webhooks would not be accepted either.
    private static final Duration MOST_SKEW = Duration.ofMinutes(10);
    private static final Duration POSTPONED = Duration.ofSeconds(10);
    /// Meters may only be told a moment after this second, in which Polar took the events.
    private static final Duration WHOLE_SECOND = Duration.ofSeconds(1);
    private static final int MOST_OPEN = 5 * FairBatches.MOST_EVENTS;

    private final FairBatches batches;
    private final Buyers buyers;
    private final PolarEvents polar;
    private final UsageOutcomes outcomes;
    private final UsageMetrics metrics;
    private final InstantSource clock;
    /// Parts of batches that Polar refused.
    private final Deque<List<DueEvent>> open = new ArrayDeque<>();
    private boolean isOpenNext;

    UsageTurn(FairBatches batches, Buyers buyers, PolarEvents polar, UsageOutcomes outcomes, UsageMetrics metrics,
            InstantSource clock) {
        this.batches = batches;
        this.buyers = buyers;
        this.polar = polar;
        this.outcomes = outcomes;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// What a turn has done.
    enum Done {
        /// Nothing is due.
        NOTHING,
        /// Polar was asked nothing, and more is due.
        NOTHING_SENT,
        /// A batch was sent, and no more is due.
        SENT_ALL,
        /// A batch was sent, and more is due.
        SENT_PART
    }

    /// @throws dev.plinto.polar.polar.api.PolarFailure if Polar takes nothing from anybody now
    Done next() throws InterruptedException {
        if (!open.isEmpty() && (isOpenNext || open.stream().mapToInt(List::size).sum() > MOST_OPEN)) {
            isOpenNext = false;
            return send(open.removeFirst()) ? Done.SENT_PART : Done.NOTHING_SENT;
        }
        isOpenNext = true;
        Batch batch = batches.next(open.stream().flatMap(part -> organizations(part).stream())
                .collect(Collectors.toSet()));
        if (batch.events().isEmpty()) {
            return open.isEmpty() ? Done.NOTHING : Done.NOTHING_SENT;
        }
        if (!send(batch.events())) {
            return Done.NOTHING_SENT;
        }
        return batch.hasMore() || !open.isEmpty() ? Done.SENT_PART : Done.SENT_ALL;
    }

    /// Whether anything of it was sent.
    private boolean send(List<DueEvent> events) throws InterruptedException {
        Map<String, String> customers = buyers.of(organizations(events));
        Set<String> without = organizations(events);
        without.removeAll(customers.keySet());
        if (!without.isEmpty()) {
            outcomes.notBillable(without);
        }
        List<Sent> sent = new ArrayList<>();
        Map<DueEvent, String> damaged = new LinkedHashMap<>();
        for (DueEvent event : events) {
            String customer = customers.get(event.organization());
            if (customer != null) {
                event.forCustomer(customer).ifPresentOrElse(written -> sent.add(new Sent(event, written)),
                        () -> damaged.put(event, "The stored properties are no JSON object"));
            }
        }
        park(damaged);
        if (sent.isEmpty()) {
            return false;
        }
        settle(sent, polar.ingest(sent.stream().map(Sent::written).toList()));
        return true;
    }

    private record Sent(DueEvent event, NewEvent written) {}

    private void settle(List<Sent> sent, Ingestion answer) {
        List<DueEvent> events = sent.stream().map(Sent::event).toList();
        switch (answer) {
            case Ingestion.Taken taken ->
                metrics.sent(outcomes.taken(events, taken.answeredAt().plus(WHOLE_SECOND)));
            case Ingestion.Refused refused when refused.faults().isEmpty() -> halve(events, refused.why());
            case Ingestion.Refused refused -> takeOut(sent, refused.faults());
        }
    }

    /// Between two organizations, as near to the middle as it can be: so the one at fault soon stands alone.
    private void halve(List<DueEvent> events, String why) {
        if (events.size() == 1) {
            park(Map.of(events.getFirst(), why));
            return;
        }
        List<DueEvent> sorted = events.stream().sorted(Comparator.comparing(DueEvent::organization)).toList();
        int middle = middle(sorted);
        open.addLast(sorted.subList(0, middle)); // behind larger parts, of which most are right
        open.addLast(sorted.subList(middle, sorted.size()));
    }

    private static int middle(List<DueEvent> sorted) {
        int half = sorted.size() / 2;
        for (int distance = 0; distance < half; distance++) {
            for (int at : new int[] {half - distance, half + distance}) {
                if (!sorted.get(at).organization().equals(sorted.get(at - 1).organization())) {
                    return at;
                }
            }
        }
        return half;
    }

    private void takeOut(List<Sent> sent, Map<Integer, IngestionFault> faults) {
        Map<DueEvent, String> parked = new LinkedHashMap<>();
        List<DueEvent> early = new ArrayList<>();
        List<DueEvent> rest = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            DueEvent event = sent.get(i).event;
            switch (faults.get(i)) {
                case null -> rest.add(event);
                case IngestionFault.UnknownCustomer nobody -> {
                    buyers.isUnknown(sent.get(i).written.customerId());
                    rest.add(event); // for another customer, if there is one
                }
                case IngestionFault.WrongTime(String text) when isRecent(event) -> early.add(event);
                case IngestionFault.WrongTime(String text) -> parked.put(event, text);
                case IngestionFault.WrongContent(String text) -> parked.put(event, text);
            }
        }
        park(parked);
        if (!early.isEmpty()) {
            outcomes.postpone(early, POSTPONED);
        }
        if (!rest.isEmpty()) {
            open.addFirst(rest);
        }
    }

    private boolean isRecent(DueEvent event) {
        return event.occurredAt().isAfter(clock.instant().minus(MOST_SKEW));
    }

    private void park(Map<DueEvent, String> refused) {
        if (refused.isEmpty()) {
            return;
        }
        int parked = outcomes.park(refused);
        metrics.rejected(parked);
        Log.warnf("Polar refuses %d events of usage; they are parked, with Polar's reason, until they are replayed or "
                + "discarded", parked);
    }

    private static Set<String> organizations(List<DueEvent> events) {
        return events.stream().map(DueEvent::organization).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
