package dev.plinto.polar.sandbox.conekta.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.conekta.Refusal;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A JSON object of a request, read field by field; a null is a field that is not there. The first wrong field refuses
/// the request (422).
final class Fields {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode json;
    private final String path;

    private Fields(ObjectNode json, String path) {
        this.json = json;
        this.path = path;
    }

    static Fields of(byte[] body) {
        try {
            if (JSON.readTree(body) instanceof ObjectNode object) {
                return new Fields(object, "");
            }
        } catch (IOException e) {
            throw Refusal.invalid(null, "The body is no JSON.");
        }
        throw Refusal.invalid(null, "The body is no JSON object.");
    }

    ObjectNode json() {
        return json;
    }

    /// Refuses fields that Conekta knows, and that would have an effect that the simulation does not have.
    Fields without(String... notSimulated) {
        for (String field : notSimulated) {
            if (json.hasNonNull(field) && !(json.get(field).isContainerNode() && json.get(field).isEmpty())) {
                throw Refusal.notSimulated(path + field);
            }
        }
        return this;
    }

    String required(String field) {
        return text(field).filter(text -> !text.isBlank()).orElseThrow(() -> missing(field));
    }

    Optional<String> text(String field) {
        return value(field).map(value -> {
            if (!value.isTextual()) {
                throw wrong(field, "a text");
            }
            return value.textValue();
        });
    }

    long requiredNumber(String field) {
        return number(field).orElseThrow(() -> missing(field));
    }

    /// A whole number.
    Optional<Long> number(String field) {
        return value(field).map(value -> {
            if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw wrong(field, "a whole number");
            }
            return value.longValue();
        });
    }

    int requiredSmall(String field) {
        return small(field).orElseThrow(() -> missing(field));
    }

    Optional<Integer> small(String field) {
        return number(field).map(number -> {
            if (number != number.intValue()) {
                throw wrong(field, "a smaller number");
            }
            return number.intValue();
        });
    }

    Optional<Boolean> flag(String field) {
        return value(field).map(value -> {
            if (!value.isBoolean()) {
                throw wrong(field, "true or false");
            }
            return value.booleanValue();
        });
    }

    /// In epoch seconds.
    Optional<Instant> time(String field) {
        return number(field).map(Instant::ofEpochSecond);
    }

    /// Null if there is none.
    ObjectNode metadata() {
        return object("metadata").map(Fields::json).orElse(null);
    }

    Optional<Fields> object(String field) {
        return value(field).map(value -> inner(field, value));
    }

    List<Fields> objects(String field) {
        List<Fields> all = new ArrayList<>();
        list(field).forEach(value -> all.add(inner(field, value)));
        return all;
    }

    /// Empty if there is no list.
    Optional<List<String>> texts(String field) {
        if (value(field).isEmpty()) {
            return Optional.empty();
        }
        List<String> all = new ArrayList<>();
        for (JsonNode value : list(field)) {
            if (!value.isTextual()) {
                throw wrong(field, "a list of texts");
            }
            all.add(value.textValue());
        }
        return Optional.of(all);
    }

    Refusal wrong(String field, String wanted) {
        return Refusal.invalid(path + field, path + field + " is " + wanted);
    }

    private Refusal missing(String field) {
        return Refusal.invalid(path + field, path + field + " is required");
    }

    private Fields inner(String field, JsonNode value) {
        if (value instanceof ObjectNode object) {
            return new Fields(object, path + field + ".");
        }
        throw wrong(field, "an object");
    }

    private Iterable<JsonNode> list(String field) {
        Optional<JsonNode> value = value(field);
        if (value.isPresent() && !value.get().isArray()) {
            throw wrong(field, "a list");
        }
        return value.<Iterable<JsonNode>>map(list -> list).orElse(List.of());
    }

    private Optional<JsonNode> value(String field) {
        return json.hasNonNull(field) ? Optional.of(json.get(field)) : Optional.empty();
    }
}
