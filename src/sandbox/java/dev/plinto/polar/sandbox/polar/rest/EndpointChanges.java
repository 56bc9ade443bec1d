package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.sandbox.polar.Webhooks;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// The only objects that the API can change: webhook endpoints. A null field is left unchanged, as at Polar.
final class EndpointChanges {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Webhooks webhooks;
    private final Set<String> versions;

    EndpointChanges(Webhooks webhooks, Set<String> versions) {
        this.webhooks = webhooks;
        this.versions = versions;
    }

    UUID create(byte[] body) {
        JsonNode wanted = read(body);
        for (String field : List.of("url", "format", "events")) {
            if (!wanted.hasNonNull(field)) {
                throw InvalidRequest.body(field, "missing", null, "Field required");
            }
        }
        check(wanted);
        UUID endpoint = webhooks.createEndpoint(wanted.get("url").asText(), webhooks.newSecret());
        apply(endpoint, wanted);
        return endpoint;
    }

    void update(UUID endpoint, byte[] body) {
        JsonNode wanted = read(body);
        check(wanted);
        apply(endpoint, wanted);
    }

    private void apply(UUID endpoint, JsonNode wanted) {
        if (wanted.hasNonNull("url")) {
            webhooks.setUrl(endpoint, wanted.get("url").asText());
        }
        if (wanted.hasNonNull("name")) {
            webhooks.setName(endpoint, wanted.get("name").asText());
        }
        if (wanted.hasNonNull("events")) {
            webhooks.select(endpoint, types(wanted));
        }
        if (wanted.hasNonNull("api_version")) {
            webhooks.setApiVersion(endpoint, wanted.get("api_version").asText());
        }
        if (wanted.hasNonNull("enabled")) {
            webhooks.setEnabled(endpoint, wanted.get("enabled").asBoolean());
        }
    }

    /// Called before any change is made.
    private void check(JsonNode wanted) {
        String url = wanted.path("url").asText("http://unchanged");
        if (!isUrl(url)) {
            throw InvalidRequest.body("url", "url_parsing", url, "Input should be a valid URL");
        }
        String format = wanted.path("format").asText("raw");
        if (!format.equals("raw")) {
            throw InvalidRequest.body("format", "enum", format, "The simulated Polar sends 'raw' only");
        }
        String version = wanted.path("api_version").asText("null");
        if (!version.equals("null") && !versions.contains(version)) {
            throw InvalidRequest.body("api_version", "enum", version, "Input should be one of " + versions);
        }
        JsonNode enabled = wanted.path("enabled");
        if (!enabled.isMissingNode() && !enabled.isNull() && !enabled.isBoolean()) {
            throw InvalidRequest.body("enabled", "bool_type", enabled.asText(), "Input should be a valid boolean");
        }
        types(wanted).stream().filter(type -> !Webhooks.ALL_TYPES.contains(type)).findFirst().ifPresent(type -> {
            throw InvalidRequest.body("events", "enum", type, "Input should be a type of event");
        });
    }

    private static List<String> types(JsonNode wanted) {
        List<String> types = new ArrayList<>();
        wanted.path("events").forEach(type -> types.add(type.asText()));
        return types;
    }

    private static boolean isUrl(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static JsonNode read(byte[] body) {
        try {
            JsonNode read = JSON.readTree(body);
            if (read != null && read.isObject()) {
                return read;
            }
        } catch (IOException e) {
            throw InvalidRequest.body("0", "json_invalid", null, "JSON decode error");
        }
        throw InvalidRequest.body("0", "model_attributes_type", null, "Input should be a valid dictionary");
    }
}
