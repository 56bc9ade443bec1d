package dev.plinto.polar.projection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.StampedValue;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Which statement set each field of a row. Nearly always the newest one set all, so only exceptions are listed. The
/// stamps of [added][Field#isAdded] fields are all listed, apart: a release that does not know these fields moves
/// `newest`, and sets none of them.
///
/// @param older by field name, the stamp of an older statement; null if no statement carried the field
/// @param added by field name, the stamp of each added field that a statement carried
record Provenance(Stamp newest, Map<String, @Nullable Stamp> older, Map<String, Stamp> added) {

    static Provenance of(List<Field<?>> fields, Facts facts) {
        Stamp newest = fields.stream().map(facts::stamped).filter(Objects::nonNull).map(StampedValue::stamp)
                .max(Stamp::compareTo)
                .orElseThrow(() -> new IllegalArgumentException("facts without a statement"));
        Map<String, @Nullable Stamp> older = new TreeMap<>();
        Map<String, Stamp> added = new TreeMap<>();
        for (Field<?> field : fields) {
            StampedValue<?> value = facts.stamped(field);
            if (field.isAdded()) {
                if (value != null) {
                    added.put(field.name(), value.stamp());
                }
            } else if (value == null || !value.stamp().equals(newest)) {
                older.put(field.name(), value == null ? null : value.stamp());
            }
        }
        return new Provenance(newest, older, added);
    }

    /// @param at       index of `said_at`; `said_by`, `older` and, if the table has it, `added_stamps` follow it
    /// @param hasAdded whether the table has added fields
    static Provenance read(Row row, int at, boolean hasAdded) {
        Stamp newest = new Stamp(row.getOffsetDateTime(at).toInstant(), row.getString(at + 1));
        return new Provenance(newest, parse(row.getString(at + 2)),
                hasAdded ? AddedStamps.parse(row.getString(at + 3)) : Map.of());
    }

    Facts facts(List<Field<?>> fields, BiFunction<Field<?>, Integer, @Nullable Object> value) {
        Facts.Builder facts = Facts.builder();
        for (int i = 0; i < fields.size(); i++) {
            Field<?> field = fields.get(i);
            Stamp stamp = stampOf(field);
            if (stamp != null) {
                put(facts, field, value.apply(field, i), stamp);
            }
        }
        return facts.build();
    }

    private @Nullable Stamp stampOf(Field<?> field) {
        if (field.isAdded()) {
            return added.get(field.name());
        }
        return older.containsKey(field.name()) ? older.get(field.name()) : newest;
    }

    @SuppressWarnings("unchecked") // the column has the field's type
    private static <T> void put(Facts.Builder facts, Field<T> field, @Nullable Object value, Stamp stamp) {
        facts.put(field, new StampedValue<>((T) value, stamp));
    }

    /// Null if the newest statement set all fields.
    @Nullable
    String olderAsJson() {
        if (older.isEmpty()) {
            return null;
        }
        Map<String, @Nullable List<String>> json = new TreeMap<>();
        older.forEach((field, stamp) -> json.put(field,
                stamp == null ? null : List.of(stamp.moment().toString(), stamp.webhookId())));
        return FieldColumn.json(json);
    }

    private static Map<String, @Nullable Stamp> parse(@Nullable String json) {
        if (json == null) {
            return Map.of();
        }
        try {
            Map<String, @Nullable Stamp> older = new HashMap<>();
            FieldColumn.JSON.readValue(json, new TypeReference<Map<String, List<String>>>() {})
                    .forEach((field, stamp) -> older.put(field,
                            stamp == null ? null : new Stamp(Instant.parse(stamp.get(0)), stamp.get(1))));
            return older;
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("a stored provenance is not valid JSON", corrupt);
        }
    }
}
