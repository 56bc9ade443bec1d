package dev.plinto.polar.sandbox.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// An answer of a provider's API; `body` is null if there is none.
public record Answer(int status, Map<String, String> headers, JsonNode body) {

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter
            .ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    public static Answer ok(JsonNode body) {
        return new Answer(200, Map.of(), body);
    }

    public static Answer created(JsonNode body) {
        return new Answer(201, Map.of(), body);
    }

    public static Answer nothing() {
        return new Answer(204, Map.of(), null);
    }

    /// With the provider's time in the header `date`.
    public Answer at(Instant time) {
        return with("date", HTTP_DATE.format(time));
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
