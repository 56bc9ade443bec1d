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

/// Which statement told each field of a row. Nearly always the newest told them all, so only the others are named.
///
/// @param older by field name, the stamp of an older statement, or null where no statement told it
record Provenance(Stamp newest, Map<String, Stamp> older) {

    static Provenance of(List<Field<?>> fields, Facts facts) {
        Stamp newest = fields.stream().map(facts::told).filter(Objects::nonNull).map(StampedValue::stamp)
                .max(Stamp::compareTo)
                .orElseThrow(() -> new IllegalArgumentException("facts without a statement"));
        Map<String, Stamp> older = new TreeMap<>();
        for (Field<?> field : fields) {
            StampedValue<?> told = facts.told(field);
            if (told == null || !told.stamp().equals(newest)) {
                older.put(field.name(), told == null ? null : told.stamp());
            }
        }
        return new Provenance(newest, older);
    }

    /// @param at index of `said_at`; `said_by` and `older` follow it
    static Provenance read(Row row, int at) {
        Stamp newest = new Stamp(row.getOffsetDateTime(at).toInstant(), row.getString(at + 1));
        return new Provenance(newest, parse(row.getString(at + 2)));
    }

    Facts facts(List<Field<?>> fields, BiFunction<Field<?>, Integer, Object> value) {
        Facts.Builder facts = Facts.builder();
        for (int i = 0; i < fields.size(); i++) {
            Field<?> field = fields.get(i);
            Stamp stamp = older.containsKey(field.name()) ? older.get(field.name()) : newest;
            if (stamp != null) {
                put(facts, field, value.apply(field, i), stamp);
            }
        }
        return facts.build();
    }

    @SuppressWarnings("unchecked") // the column has the field's type
    private static <T> void put(Facts.Builder facts, Field<T> field, Object value, Stamp stamp) {
        facts.put(field, new StampedValue<>((T) value, stamp));
    }

    /// Null where the newest statement told everything.
    String olderAsJson() {
        if (older.isEmpty()) {
            return null;
        }
        Map<String, List<String>> json = new TreeMap<>();
        older.forEach((field, stamp) -> json.put(field,
                stamp == null ? null : List.of(stamp.moment().toString(), stamp.webhookId())));
        return FieldColumn.json(json);
    }

    private static Map<String, Stamp> parse(String json) {
        if (json == null) {
            return Map.of();
        }
        try {
            Map<String, Stamp> older = new HashMap<>();
            FieldColumn.JSON.readValue(json, new TypeReference<Map<String, List<String>>>() {})
                    .forEach((field, stamp) -> older.put(field,
                            stamp == null ? null : new Stamp(Instant.parse(stamp.get(0)), stamp.get(1))));
            return older;
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("a stored provenance is not one", corrupt);
        }
    }
}
