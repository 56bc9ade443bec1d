package dev.plinto.polar.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.ExactJson;
import java.io.IOException;

/// Reads JSON that this service itself has stored, with its numbers as they were written.
public final class StoredJson {

    /// @throws IllegalStateException if it is not JSON: the database was edited by hand or is damaged
    public static JsonNode read(String stored) {
        try {
            return ExactJson.read(stored);
        } catch (IOException corrupt) {
            throw new IllegalStateException("a stored message is not JSON", corrupt);
        }
    }

    private StoredJson() {}
}
