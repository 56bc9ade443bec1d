package dev.plinto.polar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A table, which of its rows are an organization's, and for each column whether it is exported and what an erasure
/// leaves of it.
///
///     HeldTable.named("members").orderedBy("id")
///             .rowsWhere("customer_id = ANY (subject.customers)")
///             .exports("id", "role").exportsAndClears("email").leaves("said_at")
///
/// Conditions name the columns of the table `held`, and of the one row `subject`: `organization`, `customers` and
/// `shared_customers`, as of [DataSubject].
public final class HeldTable {

    /// What becomes of a column.
    ///
    /// @param isExported whether the export has it
    /// @param cleared    the SQL expression for what is left of it; null if an erasure leaves it as it is
    public record Column(boolean isExported, @Nullable String cleared) {}

    private final String name;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private List<String> order = List.of();
    private @Nullable String rows;
    private @Nullable String erasedRows;
    private @Nullable String busyRows;
    private boolean isDeleted;

    private HeldTable(String name) {
        this.name = name;
    }

    public static HeldTable named(String name) {
        return new HeldTable(name);
    }

    /// A table that holds nothing on an organization, or nothing but ids and times that tell nobody's name.
    public static HeldTable impersonal(String name, String... columns) {
        return named(name).leaves(columns);
    }

    /// In which rows are exported, locked and erased.
    public HeldTable orderedBy(String... keys) {
        order = List.of(keys);
        return this;
    }

    /// Which rows are the organization's.
    public HeldTable rowsWhere(String condition) {
        rows = condition;
        return this;
    }

    /// Which of them are erased, if not all.
    public HeldTable erasesWhere(String condition) {
        erasedRows = condition;
        return this;
    }

    /// Which of those are in use now: an erasure waits until they are not, and is not complete before.
    public HeldTable waitsWhile(String condition) {
        busyRows = condition;
        return this;
    }

    public HeldTable exports(String... names) {
        return add(new Column(true, null), names);
    }

    public HeldTable leaves(String... names) {
        return add(new Column(false, null), names);
    }

    public HeldTable clears(String... names) {
        return add(new Column(false, "NULL"), names);
    }

    public HeldTable exportsAndClears(String... names) {
        return add(new Column(true, "NULL"), names);
    }

    /// @param cleared the SQL expression for what is left
    public HeldTable exportsAndClearsTo(String cleared, String... names) {
        return add(new Column(true, cleared), names);
    }

    /// @param cleared the SQL expression for what is left
    public HeldTable clearsTo(String cleared, String... names) {
        return add(new Column(false, cleared), names);
    }

    /// The condition that the column `body` names an id of a provider's: as a whole JSON text, since ids can contain
    /// each other, and without the prefix under which it is stored.
    ///
    /// @param id the SQL expression for it
    public static String bodyNames(String id) {
        return "position(convert_to(to_json(regexp_replace(%s, '^[a-z]+:', ''))::text, 'UTF8') IN held.body) > 0"
                .formatted(id);
    }

    /// As [#bodyNames], of an organization, whose id may be any word: as the value of a field that has such ids.
    public static String bodyNamesOrganization(String id) {
        return """
                EXISTS (SELECT FROM unnest(ARRAY['external_id', 'external_customer_id', 'organization_id',
                                                 'custom_reference', 'customer_custom_reference']) AS field,
                          unnest(ARRAY['":', '": ']) AS colon
                        WHERE position(convert_to('"' || field || colon || to_json(%s)::text, 'UTF8') IN held.body) > 0)
                """.formatted(id);
    }

    /// Whole rows go.
    public HeldTable deletesRows() {
        isDeleted = true;
        return this;
    }

    private HeldTable add(Column column, String... names) {
        Arrays.stream(names).forEach(added -> {
            if (columns.put(added, column) != null) {
                throw new IllegalArgumentException(name + "." + added + " is named twice");
            }
        });
        return this;
    }

    public String name() {
        return name;
    }

    public Map<String, Column> columns() {
        return Collections.unmodifiableMap(columns);
    }

    public List<String> exported() {
        return columns.entrySet().stream().filter(column -> column.getValue().isExported()).map(Map.Entry::getKey)
                .toList();
    }

    /// The columns that an erasure changes, with the expression for what is left.
    public Map<String, String> cleared() {
        Map<String, String> cleared = new LinkedHashMap<>();
        columns.forEach((column, handling) -> {
            if (handling.cleared() != null) {
                cleared.put(column, handling.cleared());
            }
        });
        return cleared;
    }

    public List<String> order() {
        return order;
    }

    /// Empty if no row is an organization's.
    public Optional<String> rows() {
        return Optional.ofNullable(rows);
    }

    /// The rows that an erasure changes or deletes; empty if it leaves all of them as they are.
    public Optional<String> erasedRows() {
        if (!isDeleted && cleared().isEmpty()) {
            return Optional.empty();
        }
        List<String> conditions = new ArrayList<>();
        Stream.of(rows, erasedRows).flatMap(Stream::ofNullable).forEach(part -> conditions.add("(" + part + ")"));
        return Optional.of(String.join(" AND ", conditions));
    }

    /// Those of them that are in use now; empty if an erasure waits for none.
    public Optional<String> busyRows() {
        return Optional.ofNullable(busyRows);
    }

    public boolean isDeleted() {
        return isDeleted;
    }
}
