package dev.plinto.polar.projection;

import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Holding;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.entitlement.Stamp;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Whose grants are live, and of which account, as this release decides: another one may have decided by other rules.
final class StoredDecisions {

    private static final Chunks CUSTOMERS = Chunks.of("customers", "id", "TRUE",
            "1000 * (SELECT count(*) FROM grants WHERE grants.customer_id = customers.id)");

    private final OpenTransaction transaction;

    StoredDecisions(OpenTransaction transaction) {
        this.transaction = transaction;
    }

    /// Corrects the next customers' grants, locked as the projection does. What it changes is not told yet.
    ///
    /// @return the ids of these customers; none at the end
    List<String> decideAgain(String after) {
        List<String> customers = CUSTOMERS.next(transaction, after);
        if (!customers.isEmpty()) {
            PublishedSubscriptions published = new PublishedSubscriptions();
            LedgerStore store = new LedgerStore(transaction, published);
            Ledger ledger = store.load(store.lockStored(MentionedIds.ofCustomers(customers), LedgerStore.ANY_NUMBER));
            List<Ledger.GrantMove> moves = ledger.decideAgain().grants();
            new LedgerChanges(transaction, ledger, published).save();
            if (!moves.isEmpty()) {
                addUntold(moves);
            }
        }
        return customers;
    }

    /// An account that nothing was told of gets an empty set, so that the difference to it is told.
    private void addUntold(List<Ledger.GrantMove> moves) {
        Map<Account, Stamp> causes = new TreeMap<>();
        moves.stream().map(Ledger.GrantMove::after).flatMap(after -> Optional.ofNullable(after).stream())
                .forEach(holding -> causes.merge(holding.account(), newest(holding),
                        (first, second) -> second.isAfter(first) ? second : first));
        transaction.send("""
                INSERT INTO accounts (account, published)
                SELECT account, json_build_object('account', account, 'organization_id', organization_id, 'version', 0,
                         'entitlements', '[]'::json, 'granted', '[]'::json, 'revoked', '[]'::json,
                         'cause', json_build_object(
                           'event_type', coalesce((SELECT type FROM inbox WHERE inbox.webhook_id = cause.webhook_id),
                                                  'benefit_grant.updated'),
                           'webhook_id', webhook_id, 'timestamp', moment))
                FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
                  AS cause (account, organization_id, webhook_id, moment)
                ON CONFLICT (account) DO UPDATE SET published = excluded.published WHERE accounts.published IS NULL
                """, Tuple.of(
                causes.keySet().stream().map(Account::value).toArray(String[]::new),
                causes.keySet().stream().map(Account::organizationId).toArray(String[]::new),
                causes.values().stream().map(Stamp::webhookId).toArray(String[]::new),
                causes.values().stream().map(stamp -> Rfc3339.format(stamp.moment())).toArray(String[]::new)));
    }

    private static Stamp newest(Holding holding) {
        return Provenance.of(Grant.FIELDS, holding.grant().facts()).newest();
    }
}
