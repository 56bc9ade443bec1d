package dev.plinto.polar.audit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What happened to an organization: what people and services did, from the audit log, and what its provider's webhooks
/// changed, from the history that the projection keeps.
@ApplicationScoped
public class OrganizationTrail {

    /// An entry's place is unique: two of them may have the same time.
    private static final String ACTIONS = """
            SELECT begun.at, 'a' || lpad(begun.id::text, 19, '0') AS place, 'action' AS kind, begun.actor_kind,
                   coalesce(begun.actor, person.value) AS actor, begun.way, begun.request_id, begun.action,
                   begun.target, begun.changed_from, begun.changed_to, ended.result, reason.value
            FROM audit_log AS begun
            LEFT JOIN LATERAL (
              SELECT result FROM audit_log WHERE audit_log.begun = begun.id
            ORDER BY at, id LIMIT 1) AS ended ON true
            LEFT JOIN audit_personal AS person ON person.id = begun.id AND person.field = 'actor'
            LEFT JOIN audit_personal AS reason ON reason.id = begun.id AND reason.field = 'reason'
            WHERE begun.organization = $1 AND begun.begun IS NULL
            """;
    private static final String BENEFITS = """
            SELECT decided_at AS at, 'b' || lpad(id::text, 19, '0') AS place, 'change', 'provider', 'polar' AS actor,
                   CASE WHEN cause_type LIKE 'dev.plinto.%' THEN 'reconciliation' ELSE 'webhook' END,
                   cause_webhook_id, cause_type AS action, benefit_id AS target,
                   CASE effect WHEN 'granted' THEN NULL ELSE 'granted' END,
                   CASE effect WHEN 'revoked' THEN NULL ELSE 'granted' END, effect, NULL
            FROM benefit_changes WHERE account = $1
            """;
    private static final String SUBSCRIPTIONS = """
            SELECT decided_at AS at, 's' || lpad(version::text, 19, '0') || key AS place, 'change', 'provider',
                   'polar' AS actor, CASE WHEN cause_type LIKE 'dev.plinto.%' THEN 'reconciliation' ELSE 'webhook' END,
                   cause_webhook_id, cause_type AS action, key AS target, state ->> 'previous_status',
                   state ->> 'status', NULL, NULL
            FROM history WHERE topic = 'polar.subscription.changed' AND account = $1
            """;
    /// Each part by itself, so that an index gives its newest entries.
    private static final String PAGE = "(SELECT * FROM (%s) AS part WHERE at <= $2 AND (at, place) < ($2, $3)"
            + " AND ($5::text IS NULL OR actor = $5) AND ($6::text IS NULL OR action = $6)"
            + " AND ($7::text IS NULL OR target = $7) ORDER BY at DESC, place DESC LIMIT $4)";
    private static final String TRAIL = Stream.of(ACTIONS, BENEFITS, SUBSCRIPTIONS)
            .map(part -> PAGE.replace("%s", part))
            .collect(Collectors.joining(" UNION ALL ", "SELECT * FROM (",
                    ") AS trail ORDER BY at DESC, place DESC LIMIT $4"));

    private final RequestQueries database;

    OrganizationTrail(RequestQueries database) {
        this.database = database;
    }

    /// @param kind      `action` (of a person, service or operator) or `change` (that a webhook made)
    /// @param actorKind `person`, `service`, `operator`, `system` or `provider`
    /// @param actor     null once the person's data was erased
    /// @param way       `api`, `console`, `system`, `webhook` or `reconciliation`
    /// @param requestId of the request that asked for it (`X-Request-Id`); of a change, the webhook id or the
    ///                  id of the snapshot
    /// @param action    of a change, the type of Polar's event
    /// @param target    such as a subscription or benefit; null if the whole organization
    /// @param from      what was changed, before it; null if there was nothing before
    /// @param to        after it
    /// @param result    null while an action runs, or if it could not be recorded; of a change, what it did to a
    ///                  benefit
    /// @param reason    of an action, as the actor gave it: for operators only, so it is in no answer of the API
    @JsonNaming(SnakeCaseStrategy.class)
    public record Entry(String at, String kind, String actorKind, @Nullable String actor, String way,
            @Nullable String requestId, String action, @Nullable String target, @Nullable String from,
            @Nullable String to, @Nullable String result, @JsonIgnore @Nullable String reason) {}

    /// @param nextCursor of the next page; null on the last page
    @JsonNaming(SnakeCaseStrategy.class)
    public record Page(List<Entry> items, @Nullable String nextCursor) {

        public Page {
            items = List.copyOf(items);
        }
    }

    private record Placed(Entry entry, Instant at, String place) {

        String cursor() {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(
                    (ChronoUnit.MICROS.between(Instant.EPOCH, at) + " " + place).getBytes(StandardCharsets.UTF_8));
        }
    }

    /// Newest first. Throws 400 `parameter-invalid` if `cursor` is none.
    ///
    /// @param search of one organization
    /// @param cursor from the previous page; null or empty for the first page
    public Uni<Page> list(AuditSearch search, @Nullable String cursor, int limit) {
        String[] after = cursor == null || cursor.isEmpty() ? new String[] {"253402300799000000", "z"} : parse(cursor);
        Tuple parameters = Tuple.tuple()
                .addString(search.organization())
                .addOffsetDateTime(Instant.EPOCH.plus(micros(after[0]), ChronoUnit.MICROS).atOffset(ZoneOffset.UTC))
                .addString(after[1]).addInteger(limit + 1)
                .addString(search.actor()).addString(search.action()).addString(search.target());
        return database.query(TRAIL, parameters, OrganizationTrail::placed).map(found -> {
            List<Placed> page = found.size() <= limit ? found : found.subList(0, limit);
            return new Page(page.stream().map(Placed::entry).toList(),
                    page.size() == found.size() ? null : page.getLast().cursor());
        });
    }

    private static String[] parse(String cursor) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split(" ", 2);
            if (parts.length == 2 && parts[1].chars().noneMatch(Character::isISOControl)) {
                return parts;
            }
        } catch (IllegalArgumentException notBase64) {
            // thrown below
        }
        throw Problem.cursorInvalid("cursor", "next_cursor");
    }

    private static long micros(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException notANumber) {
            throw Problem.cursorInvalid("cursor", "next_cursor");
        }
    }

    private static Placed placed(Row row) {
        Entry entry = new Entry(Rfc3339.format(Timestamps.toInstant(row.getOffsetDateTime(0))), row.getString(2),
                row.getString(3), row.getString(4), row.getString(5), row.getString(6), row.getString(7),
                row.getString(8), row.getString(9), row.getString(10), row.getString(11), row.getString(12));
        return new Placed(entry, row.getOffsetDateTime(0).toInstant(), row.getString(1));
    }
}
