package dev.plinto.polar.projection;

import dev.plinto.polar.Erased;
import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.entitlement.Cause;
import dev.plinto.polar.entitlement.EntitlementBook;
import dev.plinto.polar.entitlement.EntitlementChange;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.projection.OpenTransaction.Answer;
import dev.plinto.polar.projection.OpenTransaction.Reply;
import dev.plinto.polar.telemetry.LogFields;
import dev.plinto.polar.telemetry.MaskedAddress;
import io.quarkus.logging.Log;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

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
    private final AccountVersionStore accounts;
    private final InboxStore inbox;
    private final Outbox outbox = new Outbox();
    private final BenefitChangeStore benefitChanges = new BenefitChangeStore();
    private final Instant now;
    private final BatchBounds bounds;
    private List<CheckoutOutcome> endedCheckouts = List.of();
    private boolean canHalve;
    private long written;
    private long began; // to apply the events, of System.nanoTime()

    Projection(OpenTransaction transaction, Erased erased, Instant now, BatchBounds bounds) {
        this.transaction = transaction;
        this.erased = erased;
        this.ledgerStore = new LedgerStore(transaction, publishedSubscriptions);
        this.accounts = new AccountVersionStore(transaction, now);
        this.inbox = new InboxStore(transaction, now);
        this.now = now;
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
        List<Applied> applied = new ArrayList<>();
        IdentityHashMap<ReceivedEvent, Projected> projected = new IdentityHashMap<>();
        began = System.nanoTime();
        for (ReceivedEvent event : events) {
            requireInTime();
            projected.put(event, switch (event.reading()) {
                case Reading.Understood understood -> {
                    Ledger.Applied result = ledger.apply(erasedEvents.applicable(event, understood.event()));
                    applied.add(new Applied(event, understood.event().cause(), result));
                    yield new Projected(event, outcome(understood.event(), result), result.deniedFacts());
                }
                case Reading.UnknownType unknown -> new Projected(event, EventOutcome.UNKNOWN_TYPE, false);
                case Reading.NotAnEvent notAnEvent -> Projected.parked(event);
                case Reading.Malformed malformed -> Projected.parked(event);
                case Reading.OtherMerchant otherMerchant -> Projected.parked(event);
            });
        }
        addMessages(applied, locked);
        endedCheckouts = new LedgerChanges(transaction, ledger, publishedSubscriptions).save();
        accounts.save();
        benefitChanges.save(transaction, accounts::version, now);
        outbox.saveWithHistory(transaction, now);
        if (outbox.isEmpty()) {
            PurchaseSignal.send(transaction, ledger.changed());
        }
        return projected;
    }

    private record Applied(ReceivedEvent event, Cause cause, Ledger.Applied result) {}

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

    private void addMessages(List<Applied> applied, LedgerStore.Locked locked) {
        Set<Account> touched = new TreeSet<>();
        applied.forEach(event -> touched.addAll(EntitlementBook.accountsOf(event.result().grants())));
        EntitlementBook book = new EntitlementBook();
        if (!touched.isEmpty()) {
            Answer versions = accounts.lock(touched);
            ledgerStore.holdingsOf(touched, locked).forEach(book::load);
            accounts.load(versions);
        }
        Map<Account, Parts> parts = new HashMap<>();
        for (Applied event : applied) {
            requireInTime();
            event.result().subscriptions().forEach(change -> addSubscriptionMessage(change, event));
            book.apply(event.result().grants()).forEach(change -> {
                int written = benefitChanges.add(change, event.cause());
                requireBounded(written);
                accounts.addChange(change.account(), versionOf(change.account(), parts), written);
                parts.merge(change.account(), new Parts(event.event(), event), Parts::followedBy);
            });
        }
        book.takeChanges().forEach(change -> addEntitlementMessage(change,
                Objects.requireNonNull(parts.get(change.account()), "a change without cause")));
    }

    /// The events that had a part in a message.
    ///
    /// @param first the one of them that was received first
    private record Parts(ReceivedEvent first, Applied last) {

        Parts followedBy(Parts next) {
            return new Parts(next.first.receivedAt().isBefore(first.receivedAt()) ? next.first : first, next.last);
        }
    }

    private void addSubscriptionMessage(Ledger.SubscriptionChange change, Applied cause) {
        Subscription subscription = change.after().subscription();
        String previousStatus = change.before() == null ? null : change.before().status();
        long version = ChangeMessage.nextVersion(publishedSubscriptions.version(subscription.id()), now);
        ChangeMessage message = ChangeMessage.of(change.after(), previousStatus, version, cause.cause());
        requireBounded(message.json().length());
        publishedSubscriptions.publish(subscription.id(), message);
        outbox.add(message, cause.event(), cause.event().receivedAt(), true);
        log(message, cause.event());
    }

    private void addEntitlementMessage(EntitlementChange change, Parts parts) {
        ChangeMessage message = ChangeMessage.of(change, accounts.version(change.account()), parts.last.cause());
        requireBounded(message.json().length());
        boolean withSet = accounts.publish(message);
        outbox.add(message, parts.last.event(), parts.first.receivedAt(), withSet);
        log(message, parts.last.event());
    }

    private static void log(ChangeMessage message, ReceivedEvent event) {
        if (Log.isDebugEnabled()) {
            LogFields.of(event.webhookId(), message.account().value(), event.trace(), () -> Log.debugf(
                    "Event %s changes %s of %s, version %d", event.webhookId(), message.topic(),
                    MaskedAddress.of(message.key()),
                    message.version()));
        }
    }

    /// One new version for all changes of an account in this transaction.
    private long versionOf(Account account, Map<Account, Parts> parts) {
        long version = accounts.version(account);
        return parts.containsKey(account) ? version : ChangeMessage.nextVersion(version, now);
    }

    private void requireInTime() {
        if (canHalve && System.nanoTime() - began > bounds.time().toNanos()) {
            throw new BatchTooLarge("it takes more than " + bounds.time().toMillis() + " ms to apply");
        }
    }

    private void requireBounded(int characters) {
        written += characters;
        if (canHalve && written > bounds.characters()) {
            throw new BatchTooLarge("it writes more than " + bounds.characters() + " characters");
        }
    }
}
