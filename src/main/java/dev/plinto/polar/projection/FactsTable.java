package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.entitlement.TrackedObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A table of [TrackedObject]s of one kind: a column for each field, and the stamps of the statements that set them. It
/// loads and stores sets of rows. The tables' SQL differs only in names, so it is generated from the fields.
final class FactsTable<K extends TrackedObject> {

    private static final List<Column> PROVENANCE = List.of(
            new Column("said_at", "timestamptz"), new Column("said_by", "text"), new Column("older", "jsonb"));
    private static final Column ADDED_STAMPS = new Column("added_stamps", "jsonb");

    private final Class<K> type;
    private final List<Field<?>> fields;
    private final BiFunction<String, Facts, K> kind;
    private final String insertMissing;
    private final String selection;
    private final String upsert;
    private final List<DerivedColumn> derivedColumns;
    private final boolean hasAdded;
    private final List<Column> provenance;

    /// Beside the facts.
    enum DerivedColumn {
        ACCOUNT("text"), VERSION("bigint"),
        /// Only written: a change needs what was published last, but not its text.
        PUBLISHED("json");

        private final String type;

        DerivedColumn(String type) {
            this.type = type;
        }

        private Column column() {
            return new Column(name().toLowerCase(Locale.ROOT), type);
        }
    }

    /// The values of the derived columns, which a table need not have.
    ///
    /// @param published null leaves it as it is
    record Derived(@Nullable String account, @Nullable Long version, @Nullable String published) {

        static final Derived NONE = new Derived(null, null, null);

        private @Nullable Object value(DerivedColumn column) {
            return switch (column) {
                case ACCOUNT -> account;
                case VERSION -> version;
                case PUBLISHED -> published;
            };
        }
    }

    record Stored<K>(K object, Derived derived) {}

    /// Rows that were requested; reading them waits for the answer.
    interface Selected<K> {
        List<Stored<K>> rows();
    }

    private record Column(String name, String type) {

        String selected() {
            return isText() ? name + "::text" : name;
        }

        /// JSON is sent as text: the client would send an array of JSON as one JSON document. So is a decimal number,
        /// which keeps its digits.
        private boolean isText() {
            return type.startsWith("json") || type.equals("numeric");
        }

        String parameterType() {
            return isText() ? "text" : type;
        }

        String inserted() {
            return isText() ? "saved." + name + "::" + type : "saved." + name;
        }

        String updated(String table) {
            return equals(DerivedColumn.PUBLISHED.column())
                    ? "coalesce(excluded." + name + ", " + table + "." + name + ")"
                    : "excluded." + name;
        }
    }

    FactsTable(String name, Class<K> type, List<Field<?>> fields, BiFunction<String, Facts, K> kind,
            DerivedColumn... derived) {
        this.type = type;
        this.fields = fields;
        this.kind = kind;
        this.derivedColumns = List.of(derived);
        this.hasAdded = fields.stream().anyMatch(Field::isAdded);
        this.provenance = hasAdded
                ? Stream.concat(PROVENANCE.stream(), Stream.of(ADDED_STAMPS)).toList()
                : PROVENANCE;
        List<Column> columns = Stream.of(
                Stream.of(new Column("id", "text")),
                fields.stream().map(field -> new Column(field.name(), FieldColumn.typeOf(field))),
                provenance.stream(),
                derivedColumns.stream().map(DerivedColumn::column))
                .flatMap(Function.identity())
                .toList();
        insertMissing = "INSERT INTO " + name + " (id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING";
        selection = "SELECT "
                + list(columns.stream().filter(column -> !column.equals(DerivedColumn.PUBLISHED.column())).toList(),
                        Column::selected)
                + " FROM " + name;
        upsert = """
                INSERT INTO %s (%s)
                SELECT %s FROM unnest(%s) AS saved (%s)
                ON CONFLICT (id) DO UPDATE SET (%s) = ROW (%s)
                """.formatted(name, list(columns, Column::name),
                list(columns, Column::inserted),
                IntStream.range(0, columns.size())
                        .mapToObj(i -> "$" + (i + 1) + "::" + columns.get(i).parameterType() + "[]")
                        .collect(Collectors.joining(", ")),
                list(columns, Column::name),
                list(columns, Column::name), list(columns, column -> column.updated(name)));
    }

    Class<K> type() {
        return type;
    }

    K object(String id, Facts facts) {
        return kind.apply(id, facts);
    }

    /// Inserts rows for ids that have none, so that they can be locked.
    void insertMissing(OpenTransaction transaction, Collection<String> sortedIds) {
        if (!sortedIds.isEmpty()) {
            transaction.send(insertMissing, Tuple.of(sortedIds.toArray(String[]::new)));
        }
    }

    Selected<K> select(OpenTransaction transaction, String condition, String[]... arrays) {
        Tuple parameters = Tuple.tuple();
        for (String[] array : arrays) {
            parameters.addValue(array);
        }
        OpenTransaction.Answer answer = transaction.send(selection + " WHERE " + condition, parameters);
        return () -> {
            Map<String, String> texts = new HashMap<>();
            return answer.list(row -> read(row, texts));
        };
    }

    /// Locks in the order of ids, as all transactions do, so that they cannot deadlock. The order is of an expression,
    /// so that no plan reads the primary key's whole index in order: one that is made while the table is small is kept
    /// while it grows.
    Selected<K> lock(OpenTransaction transaction, String condition, String[]... arrays) {
        return select(transaction, condition + " ORDER BY id || '' FOR UPDATE", arrays);
    }

    void save(OpenTransaction transaction, Collection<K> objects, Function<K, Derived> derived) {
        List<K> rows = objects.stream().sorted((a, b) -> a.id().value().compareTo(b.id().value())).toList();
        List<Provenance> provenances = rows.stream().map(row -> Provenance.of(fields, row.facts())).toList();
        List<Derived> derivedValues = rows.stream().map(derived).toList();

        Tuple parameters = Tuple.tuple();
        parameters.addValue(rows.stream().map(row -> row.id().value()).toArray(String[]::new));
        fields.forEach(field -> parameters.addValue(FieldColumn.write(field, rows)));
        parameters.addValue(FieldColumn.times(provenances.stream().map(p -> p.newest().moment())));
        parameters.addValue(provenances.stream().map(p -> p.newest().webhookId()).toArray(String[]::new));
        parameters.addValue(provenances.stream().map(Provenance::olderAsJson).toArray(String[]::new));
        if (hasAdded) {
            parameters.addValue(provenances.stream().map(p -> AddedStamps.json(p.added())).toArray(String[]::new));
        }
        for (DerivedColumn column : derivedColumns) {
            Stream<?> values = derivedValues.stream().map(ofRow -> ofRow.value(column));
            parameters.addValue(column == DerivedColumn.VERSION
                    ? values.toArray(Long[]::new)
                    : values.toArray(String[]::new));
        }
        transaction.send(upsert, parameters);
    }

    /// @param texts each text once: thousands of rows have the same customer, benefit and description
    private Stored<K> read(Row row, Map<String, String> texts) {
        return new Stored<>(kind.apply(row.getString(0), factsOf(row, texts)), derivedOf(row, texts));
    }

    private Facts factsOf(Row row, Map<String, String> texts) {
        int at = fields.size() + 1;
        if (row.getValue(at) == null) {
            return Facts.NONE;
        }
        return Provenance.read(row, at, hasAdded)
                .facts(fields, (field, i) -> once(FieldColumn.read(field, row, i + 1), texts));
    }

    private Derived derivedOf(Row row, Map<String, String> texts) {
        if (derivedColumns.isEmpty()) {
            return Derived.NONE;
        }
        int first = 1 + fields.size() + provenance.size();
        String account = row.getString(first + derivedColumns.indexOf(DerivedColumn.ACCOUNT));
        int version = derivedColumns.indexOf(DerivedColumn.VERSION);
        return new Derived(account == null ? null : texts.computeIfAbsent(account, text -> text),
                version < 0 ? null : row.getLong(first + version), null);
    }

    private static @Nullable Object once(@Nullable Object value, Map<String, String> texts) {
        return value instanceof String text ? texts.computeIfAbsent(text, same -> same) : value;
    }

    private static String list(List<Column> columns, Function<Column, String> part) {
        return columns.stream().map(part).collect(Collectors.joining(", "));
    }
}
