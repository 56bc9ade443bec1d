package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/// An object with the keys by which it is filtered and sorted; written as JSON only if it is on the requested page.
public record ListedObject(UUID id, Map<String, Comparable<?>> keys, Supplier<ObjectNode> json) {

    /// Metadata is found by the name of its parameter, such as `metadata[organization_id]`.
    static Map<String, Comparable<?>> keys(Map<String, ?> metadata, Object... namesAndValues) {
        Map<String, Comparable<?>> keys = new HashMap<>();
        metadata.forEach((key, value) -> keys.put("metadata[" + key + "]", String.valueOf(value)));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            keys.put((String) namesAndValues[i], (Comparable<?>) namesAndValues[i + 1]);
        }
        return keys;
    }

    /// Several ids under one key, one of which is filtered by.
    public record Ids(List<UUID> all) implements Comparable<Ids> {

        @Override
        public int compareTo(Ids other) {
            return Integer.compare(all.size(), other.all.size());
        }
    }
}
