package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.entitlement.TrackedObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A table of [TrackedObject]s of one kind: a column for each field, and the stamps of the statements that set them. It
/// loads and stores sets of rows. The tables' SQL differs only in names, so it is generated from the fields.
final class FactsTable<K extends TrackedObject> {

    private static final List<Column> PROVENANCE = List.of(
            new Column("said_at", "timestamptz"), new Column("said_by", "text"), new Column("older", "jsonb"));

    private final List<Field<?>> fields;
    private final BiFunction<String, Facts, K> kind;
    private final String insertMissing;
    private final String selection;
    private final String upsert;
    private final List<Column> derivedColumns;

    /// An object and its row, which also has the derived columns.
    record Stored<K>(K object, Row row) {}

    /// Rows that were requested; reading them waits for the answer.
    interface Selected<K> {
        List<Stored<K>> rows();
    }

    private record Column(String name, String type) {

        String selected() {
            return type.startsWith("json") ? name + "::text" : name;
        }

        /// JSON is sent as text: the client would send an array of JSON as one JSON document.
        String parameterType() {
            return type.startsWith("json") ? "text" : type;
        }

        String inserted() {
            return type.startsWith("json") ? "saved." + name + "::" + type : "saved." + name;
        }
    }

    /// @param derived name and type of each column beside the facts, in the order of its values for [#save]
    FactsTable(String name, List<Field<?>> fields, BiFunction<String, Facts, K> kind, String... derived) {
        this.fields = fields;
        this.kind = kind;
        this.derivedColumns = Stream.of(derived).map(column -> column.split(" "))
                .map(nameAndType -> new Column(nameAndType[0], nameAndType[1]))
                .toList();
        List<Column> columns = Stream.of(
                Stream.of(new Column("id", "text")),
                fields.stream().map(field -> new Column(field.name(), FieldColumn.typeOf(field))),
                PROVENANCE.stream(),
                derivedColumns.stream())
                .flatMap(Function.identity())
                .toList();
        insertMissing = "INSERT INTO " + name + " (id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING";
        selection = "SELECT " + list(columns, Column::selected) + " FROM " + name;
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
                list(columns, Column::name), list(columns, column -> "excluded." + column.name()));
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
        return () -> answer.list(this::read);
    }

    /// Locks in the order of ids, as all transactions do, so that they cannot deadlock.
    Selected<K> lock(OpenTransaction transaction, String condition, String[]... arrays) {
        return select(transaction, condition + " ORDER BY id FOR UPDATE", arrays);
    }

    /// @param derived the values of the derived columns, in the order of their declaration
    void save(OpenTransaction transaction, Collection<K> objects, Function<K, List<?>> derived) {
        List<K> rows = objects.stream().sorted((a, b) -> a.id().value().compareTo(b.id().value())).toList();
        List<Provenance> provenances = rows.stream().map(row -> Provenance.of(fields, row.facts())).toList();
        List<List<?>> derivedValues = rows.stream().<List<?>>map(derived).toList();

        Tuple parameters = Tuple.tuple();
        parameters.addValue(rows.stream().map(row -> row.id().value()).toArray(String[]::new));
        fields.forEach(field -> parameters.addValue(FieldColumn.write(field, rows)));
        parameters.addValue(FieldColumn.times(provenances.stream().map(p -> p.newest().moment())));
        parameters.addValue(provenances.stream().map(p -> p.newest().webhookId()).toArray(String[]::new));
        parameters.addValue(provenances.stream().map(Provenance::olderAsJson).toArray(String[]::new));
        for (int i = 0; i < derivedColumns.size(); i++) {
            int column = i;
            Stream<?> values = derivedValues.stream().map(ofRow -> ofRow.get(column));
            parameters.addValue(derivedColumns.get(i).type().equals("bigint")
                    ? values.toArray(Long[]::new)
                    : values.toArray(String[]::new));
        }
        transaction.send(upsert, parameters);
    }

    private Stored<K> read(Row row) {
        return new Stored<>(kind.apply(row.getString(0), factsOf(row)), row);
    }

    private Facts factsOf(Row row) {
        int provenance = fields.size() + 1;
        if (row.getValue(provenance) == null) {
            return Facts.NONE;
        }
        return Provenance.read(row, provenance).facts(fields, (field, i) -> FieldColumn.read(field, row, i + 1));
    }

    private static String list(List<Column> columns, Function<Column, String> part) {
        return columns.stream().map(part).collect(Collectors.joining(", "));
    }
}
