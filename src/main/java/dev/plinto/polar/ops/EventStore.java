package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.polar.MaskedPayload;
import dev.plinto.polar.polar.NamedOrganizations;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.StoredJson;
import dev.plinto.polar.postgres.Timestamps;
import dev.plinto.polar.telemetry.MaskedAddress;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// Finds projected and parked events.
@ApplicationScoped
class EventStore {

    private static final Instant AFTER_ALL = Instant.parse("9999-12-31T23:59:59Z");

    private final RequestQueries database;

    private final ParkedOfAccount parked;
    private final DiscardedOfAccount discarded;

    EventStore(RequestQueries database, ParkedOfAccount parked, DiscardedOfAccount discarded) {
        this.database = database;
        this.parked = parked;
        this.discarded = discarded;
    }

    private static final String INBOX = """
            SELECT webhook_id, type, outcome, moment, received_at, projected_at AS handled_at, origin, subject
            FROM inbox""";
    private static final String PARKED = """
            SELECT webhook_id, type, 'parked' AS outcome, NULL::timestamptz AS moment, received_at,
                   first_failed_at AS handled_at, origin, subject
            FROM parked""";

    /// Newest first, after a cursor; one more than `limit` if others follow.
    ///
    /// Each table is read in the order of an index and no further than needed, so the statement holds only the
    /// conditions that the search has. Its text comes from this class alone; all values are parameters.
    Uni<List<FoundEvent>> search(EventSearch search, Optional<Cursor> after, int limit) {
        return search.organization().map(this::ofAccount).orElseGet(() -> Uni.createFrom().item(Related.NONE))
                .flatMap(related -> {
                    Conditions inbox = new Conditions(search, after, related, "projected_at");
                    return database.query("""
                            SELECT * FROM (
                              (%s WHERE %s ORDER BY projected_at DESC, webhook_id DESC LIMIT %d)
                              UNION ALL
                              (%s WHERE %s ORDER BY first_failed_at DESC, webhook_id DESC LIMIT %d)
                            ) AS events ORDER BY handled_at DESC, webhook_id DESC LIMIT %3$d
                            """.formatted(INBOX, inbox.ofInbox(), limit + 1, PARKED,
                            inbox.ofParked(), limit + 1), inbox.parameters, EventStore::event);
                });
    }

    /// Empty if it was never received, is not projected yet, or its id is no longer kept.
    Uni<Optional<FoundEvent>> find(String webhookId) {
        return database.query(PARKED + " WHERE webhook_id = $1 UNION ALL " + INBOX + " WHERE webhook_id = $1",
                Tuple.of(webhookId), EventStore::event).map(found -> found.stream().findFirst());
    }

    /// The organizations that its body names; none if it is no longer kept.
    Uni<List<String>> namedBy(String webhookId) {
        return body(webhookId, NamedOrganizations::in)
                .map(found -> found.stream().flatMap(Set::stream).map(MaskedAddress::of).distinct().toList());
    }

    /// Masked; empty if the body is no longer kept or not JSON.
    Uni<Optional<JsonNode>> payload(String webhookId) {
        return body(webhookId, MaskedPayload::of).map(found -> found.stream().findFirst().flatMap(masked -> masked));
    }

    private <T> Uni<List<T>> body(String webhookId, Function<byte[], T> read) {
        return database.query("""
                SELECT body FROM payloads WHERE webhook_id = $1
                UNION ALL SELECT body FROM parked WHERE webhook_id = $1
                """, Tuple.of(webhookId), row -> read.apply(row.getBuffer(0).getBytes()));
    }

    /// The changes that were decided when the event was projected, in the order of versions. A message of entitlements
    /// can tell what several events did; of the event is what it did itself.
    Uni<List<FoundEvent.Change>> changes(FoundEvent event) {
        return database.query("""
                SELECT topic, key, account, version, decided_at, state, NOT EXISTS (
                    SELECT FROM outbox WHERE outbox.topic = change.topic AND outbox.key = change.key
                      AND outbox.headers ->> 'ce_sequence' = change.version::text)
                FROM (
                  SELECT topic, key, account, version, decided_at, state::text FROM history
                  WHERE decided_at = $1 AND cause_webhook_id = $2
                    AND (topic = 'polar.subscription.changed' OR NOT EXISTS (
                         SELECT FROM benefit_changes WHERE benefit_changes.account = history.account
                           AND benefit_changes.version = history.version))
                  UNION ALL
                  SELECT 'polar.entitlement.changed', account, account, version, decided_at, json_build_object(
                           'account', account, 'version', version,
                           'granted', coalesce(
                             json_agg(benefit_id ORDER BY id) FILTER (WHERE effect = 'granted'), '[]'),
                           'revoked', coalesce(
                             json_agg(benefit_id ORDER BY id) FILTER (WHERE effect = 'revoked'), '[]'),
                           'changed', coalesce(
                             json_agg(benefit_id ORDER BY id) FILTER (WHERE effect = 'changed'), '[]'),
                           'benefits', json_agg(benefit ORDER BY id))::text
                  FROM benefit_changes WHERE decided_at = $1 AND cause_webhook_id = $2
                  GROUP BY account, version, decided_at
                ) AS change ORDER BY version, topic, key
                """, Tuple.of(Timestamps.ofInstant(Instant.parse(event.handledAt())), event.webhookId()),
                row -> new FoundEvent.Change(row.getString(0), MaskedAddress.of(row.getString(1)),
                        MaskedAddress.of(row.getString(2)), row.getLong(3),
                        Timestamps.toText(row.getOffsetDateTime(4)), row.getBoolean(6),
                        withMaskedAccount(StoredJson.read(row.getString(5)))));
    }

    private static JsonNode withMaskedAccount(JsonNode message) {
        if (message instanceof ObjectNode fields) {
            for (String name : List.of("account", "organization_id")) {
                JsonNode id = fields.path(name);
                if (id.isTextual()) {
                    fields.put(name, MaskedAddress.of(id.textValue()));
                }
            }
        }
        return message;
    }

    /// The accounts that the customer belongs to or buys for, at most 20.
    Uni<List<String>> accountsOf(String customerId) {
        return database.query("""
                SELECT account FROM subscriptions WHERE customer_id = $1 AND account IS NOT NULL
                UNION SELECT account FROM grants WHERE customer_id = $1 AND account IS NOT NULL
                UNION SELECT external_id FROM customers WHERE id = $1 AND external_id IS NOT NULL
                ORDER BY 1 LIMIT 20
                """, Tuple.of(customerId), row -> MaskedAddress.of(row.getString(0)));
    }

    /// @param customers of an account
    /// @param events    that changed the account, or were not applied and name it
    private record Related(List<String> customers, List<String> events) {
        static final Related NONE = new Related(List.of(), List.of());
    }

    private Uni<Related> ofAccount(String account) {
        return customersOf(account).flatMap(customers -> {
            BodySearch unapplied = new BodySearch(account, customers);
            return Uni.combine().all().unis(database.query("""
                    (SELECT cause_webhook_id FROM history WHERE account = $1 ORDER BY decided_at DESC LIMIT 1000)
                    UNION (SELECT cause_webhook_id FROM benefit_changes WHERE account = $1
                           ORDER BY version DESC, id DESC LIMIT 1000)
                    """, Tuple.of(account), row -> row.getString(0)),
                    parked.find(unapplied).map(found -> found.stream().map(ParkedEvent::webhookId).toList()),
                    discarded.find(unapplied).map(found -> found.stream().map(FoundEvent::webhookId).toList()))
                    .asTuple()
                    .map(all -> new Related(customers, Stream.of(all.getItem1(), all.getItem2(), all.getItem3())
                            .flatMap(List::stream).toList()));
        });
    }

    /// The customers who buy for the account, at most 100.
    Uni<List<String>> customersOf(String account) {
        return database.query("""
                SELECT id FROM customers WHERE external_id = $1
                UNION SELECT customer_id FROM subscriptions WHERE account = $1 AND customer_id IS NOT NULL
                UNION SELECT customer_id FROM grants WHERE account = $1 AND customer_id IS NOT NULL
                UNION SELECT substring($1 FROM 10) WHERE starts_with($1, 'customer:')
                ORDER BY 1 LIMIT 100
                """, Tuple.of(account), row -> row.getString(0));
    }

    /// The conditions of a search in both tables, and their parameters.
    private static final class Conditions {

        private final List<String> common = new ArrayList<>();
        private final Tuple parameters = Tuple.tuple();
        private final EventSearch search;
        private final String handledAt;

        Conditions(EventSearch search, Optional<Cursor> after, Related related, String handledAt) {
            this.search = search;
            this.handledAt = handledAt;
            search.webhookId().ifPresent(id -> common.add("webhook_id = " + add(id)));
            search.type().ifPresent(type -> common.add("type = " + add(type)));
            search.customer().ifPresent(customer -> common.add("subject = " + add(customer)));
            search.organization().ifPresent(account -> common.add("(subject = ANY (" + add(array(related.customers))
                    + ") OR webhook_id = ANY (" + add(array(related.events)) + "))"));
            if (search.conflicting()) {
                common.add("webhook_id = ANY (ARRAY(SELECT webhook_id FROM conflicts))");
            }
            search.from().ifPresent(from -> common.add(handledAt + " >= " + add(Timestamps.ofInstant(from))));
            search.until().ifPresent(until -> common.add(handledAt + " < " + add(Timestamps.ofInstant(until))));
            Cursor cursor = after.orElse(new Cursor(AFTER_ALL, ""));
            common.add("(" + handledAt + ", webhook_id) < (" + add(Timestamps.ofInstant(cursor.receivedAt())) + ", "
                    + add(cursor.webhookId()) + ")");
        }

        String ofInbox() {
            return search.outcome().map(outcome -> switch (outcome) {
                case APPLIED, STALE, IGNORED, UNKNOWN_TYPE, DISCARDED -> "outcome = '" + outcome.wireName() + "' AND ";
                case PARKED -> "false AND ";
            }).orElse("") + String.join(" AND ", common);
        }

        String ofParked() {
            String conditions = String.join(" AND ", common).replace(handledAt, "first_failed_at");
            return search.outcome().filter(outcome -> outcome != FoundEvent.Outcome.PARKED).map(other -> "false AND ")
                    .orElse("") + conditions;
        }

        private String add(Object value) {
            parameters.addValue(value);
            return "$" + parameters.size();
        }

        private static String[] array(List<String> texts) {
            return texts.toArray(String[]::new);
        }
    }

    /// From the columns of [#INBOX].
    static FoundEvent event(Row row) {
        return new FoundEvent(row.getString(0), row.getString(1), row.getString(2),
                Timestamps.toText(row.getOffsetDateTime(3)),
                Timestamps.toText(row.getOffsetDateTime(4)), Timestamps.toText(row.getOffsetDateTime(5)),
                row.getString(6), MaskedAddress.ofNullable(row.getString(7)));
    }
}
