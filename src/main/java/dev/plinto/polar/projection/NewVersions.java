package dev.plinto.polar.projection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.entitlement.EntitlementBook;
import dev.plinto.polar.entitlement.EntitlementChange;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.SubscriptionState;
import dev.plinto.polar.postgres.StoredJson;
import dev.plinto.polar.projection.FactsTable.Selected;
import dev.plinto.polar.projection.OpenTransaction.Answer;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Makes messages anew of the stored state, each with a higher version and the cause of the one before. Locks as the
/// projection does. An account's set follows from its live grants as [StoredDecisions] corrected them. The history gets
/// only what differs from what was told before: what stayed as it was, was decided when it was told first.
final class NewVersions {

    /// What tells the path taken, not the state.
    private static final Set<String> OF_THE_MESSAGE = Set.of("version", "previous_status", "cause");

    private final OpenTransaction transaction;
    private final Outbox outbox;
    private final Instant now;

    NewVersions(OpenTransaction transaction, Outbox outbox, Instant now) {
        this.transaction = transaction;
        this.outbox = outbox;
        this.now = now;
    }

    void tell(StoredMessages stored, List<String> keys) {
        switch (stored) {
            case SUBSCRIPTIONS -> tellSubscriptions(keys);
            case ACCOUNTS -> tellAccounts(keys);
        }
    }

    private void tellSubscriptions(List<String> keys) {
        Selected<Subscription> locked = LedgerTables.SUBSCRIPTIONS.lock(transaction, "id = ANY ($1)", array(keys));
        Map<String, Subscription> subscriptions = new HashMap<>();
        locked.rows().forEach(stored -> subscriptions.put(stored.object().id().value(), stored.object()));
        Ledger ledger = ownersOf(subscriptions.values());
        List<ChangeMessage> messages = new ArrayList<>();
        for (ChangeMessage before : StoredMessages.SUBSCRIPTIONS.lock(transaction, keys)) {
            JsonNode fields = StoredJson.read(before.json());
            Subscription subscription = Objects.requireNonNull(subscriptions.get(before.key()),
                    "a row without its key");
            ChangeMessage message = ChangeMessage.of(new SubscriptionState(subscription,
                    subscription.customer().isPresent() ? ledger.account(subscription) : before.account()),
                    fields.path("status").textValue(), ChangeMessage.nextVersion(before.version(), now),
                    before.cause());
            messages.add(message);
            outbox.addRepublished(message, differs(fields, StoredJson.read(message.json())));
        }
        transaction.send("""
                UPDATE subscriptions
                SET account = message.account, version = message.version, published = message.json::json
                FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) AS message (id, account, version, json)
                WHERE subscriptions.id = message.id
                """, Tuple.of(messages.stream().map(ChangeMessage::key).toArray(String[]::new),
                messages.stream().map(message -> message.account().value()).toArray(String[]::new),
                messages.stream().map(ChangeMessage::version).toArray(Long[]::new),
                messages.stream().map(ChangeMessage::json).toArray(String[]::new)));
    }

    /// Not locked: a transaction that changes a customer needs the subscriptions, and tells them afterwards.
    private Ledger ownersOf(Collection<Subscription> subscriptions) {
        Ledger ledger = new Ledger();
        String[] customers = subscriptions.stream().flatMap(subscription -> subscription.customer().stream())
                .map(Id::value).distinct().toArray(String[]::new);
        LedgerTables.CUSTOMERS.select(transaction, "id = ANY ($1)", customers).rows()
                .forEach(stored -> ledger.load(stored.object()));
        return ledger;
    }

    private void tellAccounts(List<String> keys) {
        Set<Account> accounts = new TreeSet<>(keys.stream().map(Account::new).toList());
        AccountVersionStore versions = new AccountVersionStore(transaction, now);
        Answer locked = versions.lock(accounts);
        Selected<Grant> grants = LedgerTables.GRANTS.select(transaction, "account = ANY ($1)", array(keys));
        versions.load(locked);
        EntitlementBook book = new EntitlementBook();
        grants.rows().stream().map(LedgerStore::holding).flatMap(Optional::stream).forEach(book::load);
        for (ChangeMessage before : StoredMessages.ACCOUNTS.lock(transaction, keys)) {
            Account account = before.account();
            JsonNode told = StoredJson.read(before.json()).path("entitlements");
            EntitlementChange change = EntitlementChange.between(account, told.findValuesAsText("benefit_id"),
                    book.entitlements(account));
            ChangeMessage message = ChangeMessage.of(change,
                    ChangeMessage.nextVersion(versions.version(account), now), before.cause());
            boolean differs = differs(change, told, StoredJson.read(message.json()).path("entitlements"));
            versions.publishAnew(message, differs);
            outbox.addRepublished(message, differs);
        }
        versions.save();
    }

    private static boolean differs(EntitlementChange change, JsonNode told, JsonNode entitlements) {
        if (!change.granted().isEmpty() || !change.revoked().isEmpty()) {
            return true;
        }
        for (int i = 0; i < told.size(); i++) { // both in the order of benefits
            if (differs(told.get(i), entitlements.get(i))) {
                return true;
            }
        }
        return false;
    }

    /// Whether a field has another value. Fields that the old form lacks, and lists whose length it did not limit, tell
    /// nothing else.
    private static boolean differs(JsonNode before, JsonNode after) {
        return before.propertyStream().anyMatch(field -> !OF_THE_MESSAGE.contains(field.getKey())
                && !field.getKey().equals("grants") && !field.getValue().equals(after.path(field.getKey())));
    }

    private static String[] array(List<String> texts) {
        return texts.toArray(String[]::new);
    }
}
