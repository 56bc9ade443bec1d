package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.StoredJson;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Lists the erasures of all organizations, with their steps.
@ApplicationScoped
public class ErasureList {

    /// What is not complete after that is stuck; in trouble, after a shorter time.
    private static final String STUCK = """
            completed_at IS NULL AND (requested_at < clock_timestamp() - interval '1 hour'
              OR trouble IS NOT NULL AND requested_at < clock_timestamp() - interval '15 minutes')""";

    private static final String PAGE = """
            SELECT id, organization, completed_at IS NOT NULL, %s, keep_at_provider, requested_at, completed_at,
                   attempt, CASE WHEN completed_at IS NULL THEN due_at END, trouble,
                   (SELECT coalesce(json_agg(json_build_object('step', step, 'done_at',
                             to_char(done_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'outcome', outcome)
                             ORDER BY position), '[]')
                    FROM erasure_steps WHERE erasure = erasures.id)::text
            FROM erasures
            WHERE ($1::text IS NULL OR organization = $1)
              AND ($2::uuid IS NULL OR (completed_at IS NOT NULL) > $3
                   OR (completed_at IS NOT NULL) = $3
                      AND (requested_at, id) < (SELECT requested_at, id FROM erasures WHERE id = $2))
            ORDER BY completed_at IS NOT NULL, requested_at DESC, id DESC LIMIT $4
            """.formatted(STUCK);

    private static final int LONGEST_ID = 500;
    /// Of one account.
    private static final int FEW = 10;

    private final RequestQueries database;

    ErasureList(RequestQueries database) {
        this.database = database;
    }

    /// @param status        `pending` or `complete`
    /// @param stuck         whether it needs an operator
    /// @param attempt       at the next step, from 0
    /// @param nextAttemptAt null once it is complete
    /// @param trouble       why the newest attempt failed; null if nothing is wrong
    @JsonNaming(SnakeCaseStrategy.class)
    public record Listed(String erasureId, String organizationId, String status, boolean stuck, boolean keepAtProvider,
            String requestedAt, @Nullable String completedAt, int attempt, @Nullable String nextAttemptAt,
            @Nullable String trouble, List<Step> steps) {

        public Listed {
            steps = List.copyOf(steps);
        }

        public long done() {
            return steps.stream().filter(step -> step.doneAt != null).count();
        }
    }

    /// @param outcome what the last attempt did, in words; null while it is not done
    @JsonNaming(SnakeCaseStrategy.class)
    public record Step(String step, @Nullable String doneAt, @Nullable String outcome) {

        static Step of(JsonNode json) {
            return new Step(json.path("step").asText(), json.path("done_at").textValue(),
                    json.path("outcome").textValue());
        }
    }

    /// @param next the cursor of the next page; null on the last one
    public record Page(List<Listed> items, @Nullable String next) {

        public Page {
            items = List.copyOf(items);
        }
    }

    /// Those that are not complete first, then the newest. Throws 400 `parameter-invalid` if the organization cannot be
    /// one, or `after` is not a cursor.
    ///
    /// @param organization null for all
    /// @param after        the cursor of the page before; null for the first page
    public Uni<Page> list(@Nullable String organization, @Nullable String after, int limit) {
        if (organization != null && (organization.isBlank() || organization.length() > LONGEST_ID
                || organization.chars().anyMatch(Character::isISOControl))) {
            throw new Problem("parameter-invalid", 400, "The organization is not valid", "An organization's id has at "
                    + "most " + LONGEST_ID + " characters and no control characters.").exception();
        }
        Cursor cursor = after == null || after.isEmpty() ? Cursor.BEFORE_ALL : Cursor.decode(after);
        return database
                .query(PAGE, Tuple.of(organization, cursor.id, cursor.isComplete, limit + 1), ErasureList::listed)
                .map(found -> found.size() <= limit
                        ? new Page(found, null)
                        : new Page(found.subList(0, limit), Cursor.of(found.get(limit - 1)).encode()));
    }

    Uni<List<Listed>> of(String organization) {
        return list(organization, null, FEW).map(Page::items);
    }

    /// How many need an operator.
    Uni<Long> stuck() {
        return database.query("SELECT count(*) FROM erasures WHERE " + STUCK, Tuple.tuple(), row -> row.getLong(0))
                .map(List::getFirst);
    }

    private static Listed listed(Row row) {
        return new Listed(row.getUUID(0).toString(), row.getString(1), row.getBoolean(2) ? "complete" : "pending",
                row.getBoolean(3), row.getBoolean(4), Timestamps.toText(row.getOffsetDateTime(5)),
                Timestamps.toText(row.getOffsetDateTime(6)), row.getInteger(7),
                Timestamps.toText(row.getOffsetDateTime(8)), row.getString(9),
                StoredJson.read(row.getString(10)).valueStream().map(Step::of).toList());
    }

    /// The last one that was listed, and in which part of the list.
    private record Cursor(@Nullable UUID id, boolean isComplete) {

        static final Cursor BEFORE_ALL = new Cursor(null, false);

        static Cursor of(Listed last) {
            return new Cursor(UUID.fromString(last.erasureId), last.status.equals("complete"));
        }

        String encode() {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(
                    (isComplete + " " + id).getBytes(StandardCharsets.UTF_8));
        }

        static Cursor decode(String cursor) {
            try {
                String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split(" ");
                if (parts.length == 2 && List.of("true", "false").contains(parts[0])) {
                    return new Cursor(UUID.fromString(parts[1]), Boolean.parseBoolean(parts[0]));
                }
            } catch (IllegalArgumentException invalid) {
                // thrown below
            }
            throw Problem.cursorInvalid();
        }
    }
}
