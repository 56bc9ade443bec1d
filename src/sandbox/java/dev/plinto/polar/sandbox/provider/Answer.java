package dev.plinto.polar.sandbox.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/// An answer of a provider's API; `body` is null if there is none.
public record Answer(int status, Map<String, String> headers, JsonNode body) {

    public static Answer ok(JsonNode body) {
        return new Answer(200, Map.of(), body);
    }

    public static Answer created(JsonNode body) {
        return new Answer(201, Map.of(), body);
    }

    public static Answer nothing() {
        return new Answer(204, Map.of(), null);
    }

    public Answer with(String header, String value) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put(header, value);
        return new Answer(status, all, body);
    }

    /// The body as it is sent; empty if there is none.
    String text() {
        if (body == null) {
            return "";
        }
        return contentType().equals("application/json") ? body.toString() : body.textValue();
    }

    String contentType() {
        return headers.getOrDefault("content-type", "application/json");
    }
}
