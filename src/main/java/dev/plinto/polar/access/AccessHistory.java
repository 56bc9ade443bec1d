package dev.plinto.polar.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.StoredJson;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Explains an account's access from what the projection keeps: `benefit_changes`, what each event did to each benefit;
/// and `history`, some of the published sets and all published states of subscriptions. Sets that releases before
/// `benefit_changes` published are in `history` without exception, one for each event.
@ApplicationScoped
public class AccessHistory {

    /// How many changes are read of an account's benefits and of its subscriptions, newest first. Of each benefit the
    /// last ones are read in any case.
    private static final int MAX_CHANGES = 500;

    /// One statement, so that all of it is of one moment.
    ///
    /// A past moment is a version: the newest that was decided by then. Versions grow with each change of an account;
    /// times need not, since a transaction that begins earlier can commit later.
    ///
    /// A subscription that moved to another account is not the account's any more; its newest state says so.
    ///
    /// The set of the moment is the account's newest message if nothing was decided since, whatever the history still
    /// has: the message may be older than the history, or have a higher version than its decision, when it was told
    /// anew. Then only its cause says whether it is of that moment, and about when it was decided.
    private static final String CHANGES = """
            WITH RECURSIVE moment (version) AS (
              SELECT CASE WHEN $2::timestamptz IS NULL THEN 9223372036854775807 ELSE greatest(0,
                (SELECT version FROM benefit_changes WHERE account = $1 AND decided_at <= $2
                 ORDER BY version DESC LIMIT 1),
                (SELECT version FROM history
                 WHERE topic = 'polar.entitlement.changed' AND key = $1 AND decided_at <= $2
                 ORDER BY version DESC LIMIT 1)) END
            ), benefit (id) AS (
              SELECT min(benefit_id) FROM benefit_changes WHERE account = $1
              UNION ALL
              SELECT (SELECT min(benefit_id) FROM benefit_changes WHERE account = $1 AND benefit_id > benefit.id)
              FROM benefit WHERE benefit.id IS NOT NULL
            ), wanted AS (
              SELECT last.* FROM benefit CROSS JOIN LATERAL (
                SELECT benefit_id, version, id, decided_at FROM benefit_changes
                WHERE account = $1 AND benefit_id = benefit.id AND version <= (SELECT version FROM moment)
                ORDER BY version DESC, id DESC LIMIT 1) AS last
              UNION
              SELECT last.* FROM benefit CROSS JOIN LATERAL (
                SELECT benefit_id, version, id, decided_at FROM benefit_changes
                WHERE account = $1 AND benefit_id = benefit.id AND version <= (SELECT version FROM moment)
                  AND effect <> 'changed'
                ORDER BY version DESC, id DESC LIMIT 1) AS last
              UNION
              (SELECT benefit_id, version, id, decided_at FROM benefit_changes
               WHERE account = $1 AND version <= (SELECT version FROM moment) ORDER BY version DESC, id DESC LIMIT $3)
            ), earlier AS MATERIALIZED (
              SELECT version, decided_at FROM history
              WHERE topic = 'polar.entitlement.changed' AND key = $1 AND version <= (SELECT version FROM moment)
                AND NOT EXISTS (SELECT FROM benefit_changes WHERE benefit_changes.account = $1
                                AND benefit_changes.version = history.version)
              ORDER BY version DESC LIMIT $3
            ), told AS MATERIALIZED (
              SELECT message.version, message.caused_at, published
              FROM moment, accounts CROSS JOIN LATERAL (SELECT (published ->> 'version')::bigint,
                (published #>> '{cause,timestamp}')::timestamptz) AS message (version, caused_at)
              WHERE account = $1 AND published IS NOT NULL AND (message.version <= moment.version
                OR message.caused_at <= $2
                  AND NOT EXISTS (SELECT FROM benefit_changes WHERE account = $1 AND version > moment.version)
                  AND NOT EXISTS (SELECT FROM history WHERE topic = 'polar.entitlement.changed' AND key = $1
                                  AND version > moment.version))
            ), newest AS MATERIALIZED (
              SELECT version, decided_at FROM history
              WHERE topic = 'polar.entitlement.changed' AND key = $1 AND version <= (SELECT version FROM moment)
                AND NOT EXISTS (SELECT FROM told)
              ORDER BY version DESC LIMIT 1
            ), subscription AS MATERIALIZED (
              SELECT key, version, decided_at, state FROM history
              WHERE account = $1 AND topic = 'polar.subscription.changed' AND decided_at <= coalesce($2, 'infinity')
              ORDER BY decided_at DESC, version DESC LIMIT $3
            )
            (SELECT 'benefit' AS kind, change.id, change.benefit_id AS key, change.version, change.decided_at, effect,
                    cause_type, cause_webhook_id, caused_at, benefit::text AS json
             FROM wanted CROSS JOIN LATERAL (
               SELECT * FROM benefit_changes WHERE account = $1 AND benefit_id = wanted.benefit_id
                 AND version = wanted.version AND id = wanted.id AND decided_at = wanted.decided_at
               LIMIT 1) AS change) -- a limit, so that each row is found by an index, whatever the statistics say
            UNION ALL
            (SELECT 'subscription', NULL, key, version, decided_at, NULL, NULL, NULL, NULL, state::text
             FROM subscription)
            UNION ALL
            (SELECT 'subscription', NULL, key, newest.version, newest.decided_at, NULL, NULL, NULL, NULL, state::text
             FROM (SELECT DISTINCT key FROM subscription) AS known CROSS JOIN LATERAL (
               SELECT version, decided_at, account, state FROM history
               WHERE topic = 'polar.subscription.changed' AND key = known.key
                 AND decided_at <= coalesce($2, 'infinity')
               ORDER BY version DESC LIMIT 1) AS newest
             WHERE newest.account <> $1)
            UNION ALL
            (SELECT 'published', NULL, key, version, decided_at, NULL, NULL, NULL, NULL, json_build_object(
                 'cause', state -> 'cause', 'revoked', state -> 'revoked',
                 'granted', CASE WHEN json_array_length(state -> 'granted') > 0 THEN (
                   SELECT json_agg(benefit) FROM json_array_elements(state -> 'entitlements') AS benefit
                   WHERE benefit ->> 'benefit_id' IN (SELECT json_array_elements_text(state -> 'granted'))) END)::text
             FROM earlier JOIN history USING (version, decided_at)
             WHERE topic = 'polar.entitlement.changed' AND key = $1)
            UNION ALL
            (SELECT 'set', NULL, key, version, decided_at, NULL, NULL, NULL, NULL, state::text
             FROM newest JOIN history USING (version, decided_at)
             WHERE topic = 'polar.entitlement.changed' AND key = $1)
            UNION ALL
            (SELECT 'set', NULL, $1, version, caused_at, NULL, NULL, NULL, NULL, published::text FROM told)
            ORDER BY id
            """;

    /// An explanation may be of thousands of benefits: with more at a time, their memory would not be bounded.
    private static final int MOST_AT_A_TIME = 2;
    private static final int MOST_WAITING = 20;

    /// How long a request waits for its query once that has begun.
    private static final Duration LIMIT = Duration.ofSeconds(5);
    /// By then a query has ended: its connection is closed if it is silent for longer.
    private static final Duration END = Duration.ofSeconds(20);

    private final RequestQueries queries;
    private final InstantSource clock;
    private final Turns turns = new Turns(MOST_AT_A_TIME, MOST_WAITING, LIMIT);

    AccessHistory(RequestQueries queries, InstantSource clock) {
        this.queries = queries;
        this.clock = clock;
    }

    /// The access as of now. Fails with the problem `database-unavailable` (503) if the database does not answer, and
    /// with `too-many-requests` (429) while too many requests about the account wait.
    public Uni<Explanation> explain(String account) {
        return query(account, clock.instant(), null);
    }

    /// The access as of a moment of the past; fails likewise.
    public Uni<Explanation> explain(String account, Instant at) {
        Uni<Explanation> then = query(account, at, at);
        return at.isBefore(clock.instant()) ? then.map(Explanation::inThePast) : then;
    }

    private Uni<Explanation> query(String account, Instant at, @Nullable Instant past) {
        return turns.take(account, () -> queries
                .query(CHANGES, Tuple.of(account, Timestamps.ofInstant(past), MAX_CHANGES), END, AccessHistory::read)
                .map(found -> explain(account, at, found)));
    }

    private static HistoryRow read(Row row) {
        long version = row.getLong("version");
        Instant decidedAt = row.getOffsetDateTime("decided_at").toInstant();
        JsonNode json = StoredJson.read(row.getString("json"));
        return switch (row.getString("kind")) {
            case "benefit" -> ofBenefit(row, version, decidedAt, json);
            case "subscription" -> new PastChange.OfSubscription(row.getString("key"), version, decidedAt, json);
            case "published" -> new PastChange.OfBenefits(version, decidedAt, PastChange.cause(json.path("cause")),
                    json.path("granted").valueStream().toList(), List.of(),
                    json.path("revoked").valueStream().map(AccessHistory::onlyId).toList());
            case "set" -> new PublishedSet(version, decidedAt, PastChange.cause(json.path("cause")),
                    json.path("entitlements").valueStream().toList());
            case String other -> throw new IllegalStateException(other);
        };
    }

    private static Explanation explain(String account, Instant at, List<HistoryRow> rows) {
        List<PastChange.OfBenefits> benefits = new ArrayList<>();
        of(rows, PastChange.OfBenefits.class).forEach(change -> addOrJoin(benefits, change));
        return ExplanationBuilder.of(account, at, of(rows, PastChange.OfSubscription.class).toList(), benefits,
                of(rows, PublishedSet.class).max(Comparator.comparingLong(PublishedSet::version)).orElse(null));
    }

    private static <T extends HistoryRow> Stream<T> of(List<HistoryRow> rows, Class<T> kind) {
        return rows.stream().filter(kind::isInstance).map(kind::cast);
    }

    /// An event has a row for each benefit, one after the other.
    private static void addOrJoin(List<PastChange.OfBenefits> changes, PastChange.OfBenefits change) {
        PastChange.OfBenefits last = changes.isEmpty() ? null : changes.getLast();
        if (last != null && last.version() == change.version() && last.cause().equals(change.cause())) {
            changes.set(changes.size() - 1, last.with(change));
        } else {
            changes.add(change);
        }
    }

    private static PastChange.OfBenefits ofBenefit(Row row, long version, Instant decidedAt, JsonNode benefit) {
        String effect = row.getString("effect");
        return new PastChange.OfBenefits(version, decidedAt,
                new Explanation.Cause(row.getString("cause_type"), row.getString("cause_webhook_id"),
                        Timestamps.toText(row.getOffsetDateTime("caused_at"))),
                effect.equals("granted") ? List.of(benefit) : List.of(),
                effect.equals("changed") ? List.of(benefit) : List.of(),
                effect.equals("revoked") ? List.of(benefit) : List.of());
    }

    private static JsonNode onlyId(JsonNode benefitId) {
        return JsonNodeFactory.instance.objectNode().set("benefit_id", benefitId);
    }
}
