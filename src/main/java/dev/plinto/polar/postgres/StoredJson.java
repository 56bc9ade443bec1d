package dev.plinto.polar.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/// Reads JSON that this service itself has stored.
public final class StoredJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// @throws IllegalStateException if it is not JSON: the database was edited by hand or is damaged
    public static JsonNode read(String stored) {
        try {
            return JSON.readTree(stored);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("a stored message is not JSON", corrupt);
        }
    }

    private StoredJson() {}
}
