package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import dev.plinto.polar.projection.census.ContradictionKind;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Lists where Polar's statements contradict each other about who has access, as of now.
@ApplicationScoped
public class Contradictions {

    private static final int LONGEST_ID = 600;

    private static final String PAGE = page();

    private final RequestQueries database;

    Contradictions(RequestQueries database) {
        this.database = database;
    }

    /// @param subscriptionId the one that has ended; null for the other kinds
    /// @param since          when the customer was deleted or the subscription ended, by Polar's clock; null otherwise
    /// @param accounts       whose access the live grants are
    /// @param grantCount     of live grants, counted up to 100
    /// @param grants         the first five of these by id
    @JsonNaming(SnakeCaseStrategy.class)
    public record Contradiction(String kind, @Nullable String customerId, @Nullable String subscriptionId,
            @Nullable String since, List<String> accounts, long grantCount, List<String> grants) {

        public Contradiction {
            accounts = List.copyOf(accounts);
            grants = List.copyOf(grants);
        }
    }

    /// @param next the cursor of the next page; null on the last one
    public record Page(List<Contradiction> items, @Nullable String next) {

        public Page {
            items = List.copyOf(items);
        }
    }

    private record Found(Cursor cursor, Contradiction contradiction) {}

    /// By kind and id. Throws 400 `parameter-invalid` if `after` is not a cursor.
    ///
    /// @param kind  null for all
    /// @param after the cursor of the page before; null for the first page
    public Uni<Page> list(@Nullable ContradictionKind kind, @Nullable String after, int limit) {
        Tuple parameters = Tuple.of(limit + 1);
        Cursor cursor = after == null || after.isEmpty() ? null : Cursor.decode(after);
        for (ContradictionKind each : ContradictionKind.values()) {
            parameters.addValue(kind != null && kind != each ? null : cursor == null ? "" : cursor.within(each));
        }
        return database.query(PAGE, parameters, Contradictions::found).map(found -> new Page(
                found.stream().limit(limit).map(Found::contradiction).toList(),
                found.size() > limit ? found.get(limit - 1).cursor.encode() : null));
    }

    /// Throws 400 `parameter-invalid` if there is none of that name.
    public static ContradictionKind kind(String name) {
        return ContradictionKind.of(name).orElseThrow(() -> new Problem("parameter-invalid", 400,
                "There is no such kind", "The kinds are " + Arrays.stream(ContradictionKind.values())
                        .map(ContradictionKind::wireName).collect(Collectors.joining(", ")) + ".")
                .exception());
    }

    /// A parameter for each kind: after which id to go on.
    private static String page() {
        StringJoiner page = new StringJoiner(" UNION ALL ", "", " ORDER BY kind, id LIMIT $1");
        int parameter = 2;
        for (ContradictionKind kind : ContradictionKind.values()) {
            page.add("(SELECT '" + kind.wireName() + "' AS kind, * FROM (" + kind.page("$" + parameter++, "$1")
                    + ") AS page)");
        }
        return page.toString();
    }

    private static Found found(Row row) {
        ContradictionKind kind = ContradictionKind.of(row.getString(0)).orElseThrow();
        return new Found(new Cursor(kind, row.getString(1)),
                new Contradiction(kind.wireName(), row.getString(2), row.getString(3),
                        Timestamps.toText(row.getOffsetDateTime(4)), texts(row, 6), row.getLong(5), texts(row, 7)));
    }

    private static List<String> texts(Row row, int column) {
        return Optional.ofNullable(row.getArrayOfStrings(column)).map(List::of).orElse(List.of());
    }

    /// The last one that was listed.
    private record Cursor(ContradictionKind kind, String id) {

        String encode() {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(
                    (kind.wireName() + " " + id).getBytes(StandardCharsets.UTF_8));
        }

        /// After which id to go on within a kind; null if it was listed to its end.
        @Nullable
        String within(ContradictionKind each) {
            return each == kind ? id : each.compareTo(kind) > 0 ? "" : null;
        }

        static Cursor decode(String cursor) {
            try {
                String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8)
                        .split(" ", 2);
                if (parts.length == 2 && parts[1].length() <= LONGEST_ID
                        && parts[1].chars().noneMatch(Character::isISOControl)) {
                    return new Cursor(ContradictionKind.of(parts[0]).orElseThrow(Problem::cursorInvalid), parts[1]);
                }
            } catch (IllegalArgumentException notBase64) {
                // thrown below
            }
            throw Problem.cursorInvalid();
        }
    }
}
