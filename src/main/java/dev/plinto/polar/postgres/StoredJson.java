package dev.plinto.polar.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/// JSON that this service has stored itself, so that it can be read for certain.
public final class StoredJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// @throws IllegalStateException if it is not JSON: the database was changed by hand, or is damaged
    public static JsonNode read(String stored) {
        try {
            return JSON.readTree(stored);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("a stored message is not JSON", corrupt);
        }
    }

    private StoredJson() {}
}
