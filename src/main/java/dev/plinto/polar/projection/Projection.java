package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.entitlement.Cause;
import dev.plinto.polar.entitlement.EntitlementBook;
import dev.plinto.polar.entitlement.EntitlementChange;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.polar.Reading;
import dev.plinto.polar.projection.LedgerStore.Publication;
import dev.plinto.polar.projection.OpenTransaction.Answer;
import dev.plinto.polar.telemetry.LogFields;
import io.quarkus.logging.Log;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Projects a batch of events within one transaction: all of what they change, or nothing.
///
/// The events are applied one after the other in memory, on what was loaded in a few set-based statements, and what
/// came of them is stored in a few more; each event still gets its own messages.
final class Projection {

    private final OpenTransaction transaction;
    private final LedgerStore known;
    private final AccountVersionStore accounts;
    private final InboxStore inbox;
    private final Outbox outbox = new Outbox();
    private final Instant now;

    Projection(OpenTransaction transaction, Instant now) {
        this.transaction = transaction;
        this.known = new LedgerStore(transaction);
        this.accounts = new AccountVersionStore(transaction);
        this.inbox = new InboxStore(transaction, now);
        this.now = now;
    }

    /// @return every event of the batch with its outcome
    List<Projected> project(List<ReceivedEvent> events) {
        LedgerStore.Locked locked = known.lock(understood(events)); // so that nobody projects the same events meanwhile
        Map<String, ReceivedEvent> fresh = firstOfEachId(events);
        Answer repeats = inbox.projectedBefore(fresh.values());
        Ledger ledger = known.load(locked);
        fresh.keySet().removeAll(Set.copyOf(repeats.list(row -> row.getString(0))));
        List<Applied> applied = new ArrayList<>();
        IdentityHashMap<ReceivedEvent, EventOutcome> outcomes = new IdentityHashMap<>();
        for (ReceivedEvent event : fresh.values()) {
            outcomes.put(event, switch (event.reading()) {
                case Reading.Understood understood -> {
                    Ledger.Applied result = ledger.apply(understood.event());
                    applied.add(new Applied(event, understood.event().cause(), result));
                    yield outcome(understood.event(), result);
                }
                case Reading.UnknownType unknown -> EventOutcome.UNKNOWN_TYPE;
                case Reading.NotAnEvent unreadable -> EventOutcome.PARKED;
                case Reading.Malformed unreadable -> EventOutcome.PARKED;
                case Reading.OtherMerchant notOurs -> EventOutcome.PARKED;
            });
        }
        tell(applied);
        known.save();
        accounts.save();
        outbox.saveWithHistory(transaction, now);
        List<Projected> projected = events.stream()
                .map(event -> new Projected(event, outcomes.getOrDefault(event, EventOutcome.DUPLICATE)))
                .toList();
        inbox.store(projected);
        return projected;
    }

    private record Applied(ReceivedEvent event, Cause cause, Ledger.Applied result) {}

    private static EventOutcome outcome(Event event, Ledger.Applied result) {
        if (event.statements().isEmpty()) {
            return EventOutcome.IGNORED;
        }
        return result.news() ? EventOutcome.APPLIED : EventOutcome.STALE;
    }

    private static List<Event> understood(List<ReceivedEvent> events) {
        return events.stream()
                .map(ReceivedEvent::reading)
                .filter(Reading.Understood.class::isInstance)
                .map(reading -> ((Reading.Understood) reading).event())
                .toList();
    }

    private static Map<String, ReceivedEvent> firstOfEachId(List<ReceivedEvent> events) {
        Map<String, ReceivedEvent> first = new LinkedHashMap<>();
        events.forEach(event -> first.putIfAbsent(event.webhookId(), event));
        return first;
    }

    private void tell(List<Applied> applied) {
        Set<Account> touched = new TreeSet<>();
        applied.forEach(one -> touched.addAll(EntitlementBook.accountsOf(one.result().grants())));
        EntitlementBook book = new EntitlementBook();
        if (!touched.isEmpty()) {
            accounts.lock(touched);
            known.holdingsOf(touched).forEach(book::recall);
            accounts.recall();
        }
        for (Applied one : applied) {
            one.result().subscriptions().forEach(change -> tellSubscription(change, one));
            book.apply(one.result().grants()).forEach(change -> tellEntitlements(change, one));
        }
    }

    private void tellSubscription(Ledger.SubscriptionChange change, Applied by) {
        Subscription subscription = change.after().subscription();
        String previousStatus = change.before() == null ? null : change.before().status();
        long version = next(known.publication(subscription.id()).version());
        ChangeMessage message = ChangeMessage.of(change.after(), previousStatus, version, by.cause());
        known.publish(subscription.id(), new Publication(message.account(), version, message.json()));
        tell(message, by);
    }

    private void tellEntitlements(EntitlementChange change, Applied by) {
        ChangeMessage message = ChangeMessage.of(change, next(accounts.version(change.account())), by.cause());
        accounts.publish(message);
        tell(message, by);
    }

    private void tell(ChangeMessage message, Applied by) {
        outbox.add(message, by.event());
        if (Log.isDebugEnabled()) {
            LogFields.of(by.event().webhookId(), message.account().value(), by.event().trace(), () -> Log.debugf(
                    "Event %s changes %s of %s, version %d", by.event().webhookId(), message.topic(), message.key(),
                    message.version()));
        }
    }

    /// Grows also where the previous version is gone, after an erasure or the restore of an older backup: consumers
    /// would drop a version that they have seen.
    private long next(long version) {
        return Math.max(version + 1, now.toEpochMilli());
    }
}
