package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.entitlement.Cause;
import dev.plinto.polar.entitlement.EntitlementBook;
import dev.plinto.polar.entitlement.EntitlementChange;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.projection.OpenTransaction.Answer;
import dev.plinto.polar.telemetry.LogFields;
import dev.plinto.polar.telemetry.MaskedAddress;
import io.quarkus.logging.Log;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a transaction tells of its changes: messages with their versions, and the history. Each change of a
/// subscription is a message of its own; of an account there is one message with the set after all changes.
final class BatchMessages {

    private final OpenTransaction transaction;
    private final LedgerStore ledgerStore;
    private final PublishedSubscriptions publishedSubscriptions;
    private final AccountVersionStore accounts;
    private final Outbox outbox = new Outbox();
    private final BenefitChangeStore benefitChanges = new BenefitChangeStore();
    private final Instant now;

    BatchMessages(OpenTransaction transaction, LedgerStore ledgerStore, PublishedSubscriptions publishedSubscriptions,
            Instant now) {
        this.transaction = transaction;
        this.ledgerStore = ledgerStore;
        this.publishedSubscriptions = publishedSubscriptions;
        this.accounts = new AccountVersionStore(transaction, now);
        this.now = now;
    }

    /// What one event changed.
    ///
    /// @param event null for what an earlier one means for others
    record Part(Cause cause, Ledger.Applied result, @Nullable ReceivedEvent event) {

        /// Null if nobody waits for it as for an event that was received.
        @Nullable
        Instant receivedAt() {
            return event == null ? null : event.receivedAt();
        }
    }

    /// Locks the accounts concerned.
    ///
    /// @throws BatchTooLarge if the work must be halved
    void add(List<Part> changes, LedgerStore.Locked locked, BatchEffort effort) {
        Set<Account> touched = new TreeSet<>();
        changes.forEach(part -> touched.addAll(EntitlementBook.accountsOf(part.result.grants())));
        EntitlementBook book = new EntitlementBook();
        if (!touched.isEmpty()) {
            Answer versions = accounts.lock(touched);
            ledgerStore.holdingsOf(touched, locked).forEach(book::load);
            accounts.load(versions);
        }
        Map<Account, Parts> parts = new HashMap<>();
        for (Part part : changes) {
            effort.requireInTime();
            part.result.subscriptions().forEach(change -> addSubscriptionMessage(change, part, effort));
            book.apply(part.result.grants()).forEach(change -> {
                int written = benefitChanges.add(change, part.cause);
                effort.requireBounded(written);
                accounts.addChange(change.account(), versionOf(change.account(), parts), written);
                parts.merge(change.account(), new Parts(part.receivedAt(), part), Parts::followedBy);
            });
        }
        book.takeChanges().forEach(change -> addEntitlementMessage(change,
                Objects.requireNonNull(parts.get(change.account()), "a change without cause"), effort));
    }

    boolean hasMessages() {
        return !outbox.isEmpty();
    }

    void save() {
        accounts.save();
        benefitChanges.save(transaction, accounts::version, now);
        outbox.saveWithHistory(transaction, now);
    }

    /// The events that had a part in a message.
    ///
    /// @param received when the first of them was
    private record Parts(@Nullable Instant received, Part last) {

        Parts followedBy(Parts next) {
            boolean isEarlier = received == null || next.received != null && next.received.isBefore(received);
            return new Parts(isEarlier ? next.received : received, next.last);
        }
    }

    private void addSubscriptionMessage(Ledger.SubscriptionChange change, Part part, BatchEffort effort) {
        Subscription subscription = change.after().subscription();
        String previousStatus = change.before() == null ? null : change.before().status();
        long version = ChangeMessage.nextVersion(publishedSubscriptions.version(subscription.id()), now);
        ChangeMessage message = ChangeMessage.of(change.after(), previousStatus, version, part.cause);
        effort.requireBounded(message.json().length());
        publishedSubscriptions.publish(subscription.id(), message);
        add(message, part, part.receivedAt(), true);
    }

    private void addEntitlementMessage(EntitlementChange change, Parts parts, BatchEffort effort) {
        ChangeMessage message = ChangeMessage.of(change, accounts.version(change.account()), parts.last.cause);
        effort.requireBounded(message.json().length());
        boolean withSet = accounts.publish(message);
        add(message, parts.last, parts.received, withSet);
    }

    private void add(ChangeMessage message, Part last, @Nullable Instant received, boolean isInHistory) {
        ReceivedEvent event = last.event;
        if (event == null) {
            outbox.addRepublished(message, isInHistory);
            return;
        }
        outbox.add(message, event, received == null ? event.receivedAt() : received, isInHistory);
        if (Log.isDebugEnabled()) {
            LogFields.of(event.webhookId(), message.account().value(), event.trace(), () -> Log.debugf(
                    "Event %s changes %s of %s, version %d", event.webhookId(), message.topic(),
                    MaskedAddress.of(message.key()), message.version()));
        }
    }

    /// One new version for all changes of an account in this transaction.
    private long versionOf(Account account, Map<Account, Parts> parts) {
        long version = accounts.version(account);
        return parts.containsKey(account) ? version : ChangeMessage.nextVersion(version, now);
    }
}
