package dev.plinto.polar.sandbox.plinto;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Problem;
import jakarta.ws.rs.WebApplicationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The token that is asked for. All fields are optional; the default is an owner without an organization.
///
/// @param scope  with it, the token says that it is a service's
/// @param claims merged over the others; a null removes a claim
record TokenRequest(Optional<String> organizationId, Optional<String> userId, List<String> roles,
        Optional<String> scope, Map<String, Object> claims) {

    /// A service's id, if the request names none.
    static final String SERVICE = "svc_sandbox";

    private static final String PERSON = "usr_sandbox";
    private static final Pattern NAME = Pattern.compile("[A-Za-z_]{1,40}"); // others may be a value in the wrong place
    private static final Set<String> FIELDS = Set.of("organization_id", "user_id", "roles", "scope", "claims");

    String subject() {
        return userId.orElse(scope.isPresent() ? SERVICE : PERSON);
    }

    /// Throws a problem (400) that says what to send. An empty body asks for the defaults.
    static TokenRequest read(byte[] body, ObjectMapper json) {
        JsonNode asked = object(body, json);
        asked.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                throw refused("The body has a field " + (NAME.matcher(field).matches() ? field : "with another name")
                        + ".");
            }
        });
        Optional<String> scope = text(asked, "scope");
        return new TokenRequest(text(asked, "organization_id"), text(asked, "user_id"),
                roles(asked.path("roles")).orElse(List.of(scope.isPresent() ? "service_account" : "owner")), scope,
                claims(asked.path("claims"), json));
    }

    private static JsonNode object(byte[] body, ObjectMapper json) {
        if (body == null || body.length == 0) {
            return json.createObjectNode();
        }
        try {
            JsonNode read = json.readerFor(JsonNode.class)
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readValue(body);
            if (read.isObject() || read.isNull()) {
                return read;
            }
        } catch (IOException e) {
            // answered like JSON of another kind: the exception's text may quote the body
        }
        throw refused("The body is not a JSON object.");
    }

    private static Optional<String> text(JsonNode asked, String field) {
        JsonNode value = asked.path(field);
        if (isAbsent(value)) {
            return Optional.empty();
        }
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw refused(field + " is not a text, or it is empty.");
        }
        return Optional.of(value.textValue());
    }

    private static Optional<List<String>> roles(JsonNode roles) {
        if (isAbsent(roles)) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        roles.forEach(role -> {
            if (role.isTextual()) {
                texts.add(role.textValue());
            }
        });
        if (!roles.isArray() || texts.size() < roles.size()) {
            throw refused("roles is not an array of texts.");
        }
        return Optional.of(List.copyOf(texts));
    }

    @SuppressWarnings("unchecked") // the names of a JSON object are texts
    private static Map<String, Object> claims(JsonNode claims, ObjectMapper json) {
        if (isAbsent(claims)) {
            return Map.of();
        }
        if (!claims.isObject()) {
            throw refused("claims is not an object.");
        }
        return json.convertValue(claims, Map.class);
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static WebApplicationException refused(String fault) {
        return new Problem("invalid-request", 400, "Invalid request", fault + " Send a JSON object with any of: "
                + "organization_id and user_id (texts that are not empty); roles (an array of texts, such as "
                + "[\"owner\"]); scope (one text, such as \"billing:read billing:write\"; the token is then a "
                + "service's); claims (an object of further claims of the token, with null for a claim that it must "
                + "not have).")
                .exception();
    }
}
