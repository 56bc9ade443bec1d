package dev.plinto.polar.projection;

import dev.plinto.polar.Erased;
import dev.plinto.polar.entitlement.Cause;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.projection.OpenTransaction.Answer;
import dev.plinto.polar.projection.OpenTransaction.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Projects a batch of events in one transaction: everything that they change, or nothing.
///
/// A few set-based statements load what the events concern; the events are applied in memory, one after the other; a
/// few more statements store the result. Each change of a subscription is a message of its own; of an account there is
/// one message with the set after all events.
final class Projection {

    private final OpenTransaction transaction;
    private final Erased erased;
    private final PublishedSubscriptions publishedSubscriptions = new PublishedSubscriptions();
    private final LedgerStore ledgerStore;
    private final InboxStore inbox;
    private final BatchMessages told;
    private final BatchBounds bounds;
    private List<CheckoutOutcome> endedCheckouts = List.of();
    private boolean canHalve;

    Projection(OpenTransaction transaction, Erased erased, Instant now, BatchBounds bounds) {
        this.transaction = transaction;
        this.erased = erased;
        this.ledgerStore = new LedgerStore(transaction, publishedSubscriptions);
        this.inbox = new InboxStore(transaction, now);
        this.told = new BatchMessages(transaction, ledgerStore, publishedSubscriptions, now);
        this.bounds = bounds;
    }

    /// @return every event of the batch with its outcome
    /// @throws BatchTooLarge if the batch must be halved
    List<Projected> project(List<ReceivedEvent> events) {
        LedgerStore.Locked locked = lock(events);
        Reply<ErasedEvents> erasedEvents = ErasedEvents.ask(transaction, erased, events);
        Answer stored = Repeats.select(transaction, events);
        Ledger ledger = ledgerStore.load(locked);
        Repeats repeats = Repeats.of(transaction, events, stored);
        IdentityHashMap<ReceivedEvent, Projected> applied = apply(repeats.fresh(), erasedEvents.await(), ledger,
                locked);
        List<Projected> projected = events.stream()
                .map(event -> {
                    EventOutcome repeated = repeats.outcome(event);
                    return repeated == null
                            ? Objects.requireNonNull(applied.get(event), "an event without outcome")
                            : new Projected(event, repeated, false);
                })
                .toList();
        inbox.store(projected, repeats.parked(), erasedEvents.await());
        return projected;
    }

    /// By the events that were projected, once they are committed.
    List<CheckoutOutcome> endedCheckouts() {
        return endedCheckouts;
    }

    /// Applies events again that are in the inbox, for what this release reads in them and the one that applied them
    /// did not: the rest is merged once more, which changes nothing. The inbox is left as it is.
    ///
    /// @return as [#project]
    List<Projected> projectAgain(List<ReceivedEvent> events) {
        LedgerStore.Locked locked = lock(events);
        Reply<ErasedEvents> erasedEvents = ErasedEvents.ask(transaction, erased, events);
        Ledger ledger = ledgerStore.load(locked);
        return List.copyOf(apply(events, erasedEvents.await(), ledger, locked).values());
    }

    /// No other replica projects them meanwhile.
    private LedgerStore.Locked lock(List<ReceivedEvent> events) {
        canHalve = events.size() > 1;
        boolean concernsSeveral = events.stream().map(ReceivedEvent::subject).distinct().limit(2).count() > 1;
        return ledgerStore.lock(MentionedIds.in(understood(events)),
                concernsSeveral ? bounds.rows() : LedgerStore.ANY_NUMBER);
    }

    private IdentityHashMap<ReceivedEvent, Projected> apply(List<ReceivedEvent> events, ErasedEvents erasedEvents,
            Ledger ledger, LedgerStore.Locked locked) {
        List<BatchMessages.Part> applied = new ArrayList<>();
        IdentityHashMap<ReceivedEvent, Projected> projected = new IdentityHashMap<>();
        BatchEffort effort = new BatchEffort(bounds, canHalve);
        for (ReceivedEvent event : events) {
            effort.requireInTime();
            projected.put(event, switch (event.reading()) {
                case Reading.Understood understood -> {
                    Ledger.Applied result = ledger.apply(erasedEvents.applicable(event, understood.event()));
                    applied.add(new BatchMessages.Part(understood.event().cause(), result, event));
                    yield new Projected(event, outcome(understood.event(), result), result.deniedFacts());
                }
                case Reading.UnknownType unknown -> new Projected(event, EventOutcome.UNKNOWN_TYPE, false);
                case Reading.NotAnEvent notAnEvent -> Projected.parked(event);
                case Reading.Malformed malformed -> Projected.parked(event);
                case Reading.OtherMerchant otherMerchant -> Projected.parked(event);
            });
        }
        told.add(applied, locked, effort);
        LedgerChanges.Saved saved = new LedgerChanges(transaction, ledger, publishedSubscriptions).save();
        endedCheckouts = saved.endedCheckouts();
        new RedefinedProducts(transaction).add(causes(saved.redefined(), events));
        told.save();
        if (!told.hasMessages()) {
            PurchaseSignal.send(transaction, ledger.changed());
        }
        return projected;
    }

    /// The last event that has a statement about each.
    private static Map<Id, Cause> causes(Set<Id> redefined, List<ReceivedEvent> events) {
        Map<Id, Cause> causes = new HashMap<>();
        if (!redefined.isEmpty()) {
            understood(events).forEach(event -> event.statements().stream().map(TrackedObject::id)
                    .filter(redefined::contains).forEach(id -> causes.put(id, event.cause())));
        }
        return causes;
    }

    private static EventOutcome outcome(Event event, Ledger.Applied result) {
        if (event.statements().isEmpty()) {
            return EventOutcome.IGNORED;
        }
        return result.changedFacts() ? EventOutcome.APPLIED : EventOutcome.STALE;
    }

    private static List<Event> understood(List<ReceivedEvent> events) {
        return events.stream()
                .map(ReceivedEvent::reading)
                .filter(Reading.Understood.class::isInstance)
                .map(reading -> ((Reading.Understood) reading).event())
                .toList();
    }
}
