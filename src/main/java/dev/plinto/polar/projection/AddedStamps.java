package dev.plinto.polar.projection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.plinto.polar.entitlement.Stamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The column `added_stamps`: nearly always one statement set all added fields of a row, so the fields are listed by
/// stamp.
final class AddedStamps {

    private record OfStatement(String at, String by, List<String> fields) {}

    /// Null if there is none.
    static @Nullable String json(Map<String, Stamp> byField) {
        if (byField.isEmpty()) {
            return null;
        }
        Map<Stamp, TreeSet<String>> byStamp = byField.entrySet().stream().collect(Collectors.groupingBy(
                Map.Entry::getValue, TreeMap::new,
                Collectors.mapping(Map.Entry::getKey, Collectors.toCollection(TreeSet::new))));
        return FieldColumn.json(byStamp.entrySet().stream()
                .map(entry -> new OfStatement(entry.getKey().moment().toString(), entry.getKey().webhookId(),
                        List.copyOf(entry.getValue())))
                .toList());
    }

    static Map<String, Stamp> parse(@Nullable String json) {
        if (json == null) {
            return Map.of();
        }
        try {
            Map<String, Stamp> byField = new HashMap<>();
            FieldColumn.JSON.readValue(json, new TypeReference<List<OfStatement>>() {})
                    .forEach(statement -> statement.fields.forEach(
                            field -> byField.put(field, new Stamp(Instant.parse(statement.at), statement.by))));
            return byField;
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("the stored stamps of added fields are not valid JSON", corrupt);
        }
    }

    private AddedStamps() {}
}
