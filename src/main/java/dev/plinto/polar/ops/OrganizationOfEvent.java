package dev.plinto.polar.ops;

import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.polar.NamedOrganizations;
import dev.plinto.polar.postgres.RequestQueries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whose business an event is, so that what an operator does with it is in that organization's trail.
@ApplicationScoped
public class OrganizationOfEvent {

    private final RequestQueries database;

    OrganizationOfEvent(RequestQueries database) {
        this.database = database;
    }

    /// The one whose account it changed, else that of its customer, else the one that its body names; empty if there is
    /// none or more than one. Blocks. Throws 503 `database-unavailable`.
    public Optional<String> of(String webhookId) {
        return accounts(webhookId)
                .flatMap(accounts -> accounts.isEmpty() ? namedBy(webhookId) : Uni.createFrom().item(accounts))
                .map(OrganizationOfEvent::only)
                .await().indefinitely(); // each query has a timeout of its own
    }

    private Uni<List<String>> accounts(String webhookId) {
        return database.query("""
                WITH event AS (
                  SELECT subject, NULL::timestamptz AS projected_at FROM parked WHERE webhook_id = $1
                  UNION ALL SELECT subject, projected_at FROM inbox WHERE webhook_id = $1
                ), changed AS (
                  SELECT account FROM event JOIN history ON decided_at = projected_at WHERE cause_webhook_id = $1
                  UNION SELECT account FROM event JOIN benefit_changes ON decided_at = projected_at
                  WHERE cause_webhook_id = $1
                ), of_customer AS (
                  SELECT account FROM event JOIN subscriptions ON customer_id = subject
                  UNION SELECT account FROM event JOIN grants ON customer_id = subject
                  UNION SELECT external_id FROM event JOIN customers ON id = subject
                )
                SELECT account FROM changed
                UNION SELECT account FROM of_customer WHERE account IS NOT NULL AND NOT EXISTS (SELECT FROM changed)
                """, Tuple.of(webhookId), row -> row.getString(0));
    }

    /// The organizations of another merchant are not ours, whatever their ids.
    private Uni<List<String>> namedBy(String webhookId) {
        return database.query("""
                SELECT body FROM payloads WHERE webhook_id = $1
                UNION ALL SELECT body FROM parked WHERE webhook_id = $1 AND reason <> 'other_merchant'
                """, Tuple.of(webhookId), row -> NamedOrganizations.in(row.getBuffer(0).getBytes()))
                .map(found -> found.stream().flatMap(Set::stream).toList());
    }

    private static Optional<String> only(Collection<String> accounts) {
        Set<String> all = Set.copyOf(accounts);
        return all.size() == 1
                ? all.stream().filter(account -> new Account(account).isLinked()).findFirst()
                : Optional.empty();
    }
}
