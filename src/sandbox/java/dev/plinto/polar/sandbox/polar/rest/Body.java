package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;

/// The JSON object in the body of a request, read field by field.
///
/// An invalid field reads as empty and is remembered; [#check()], before anything is changed, refuses the request with
/// all of them. A null reads as empty; [#has(String)] tells it from a field that is not there.
final class Body {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int METADATA_KEYS = 50;
    private static final int METADATA_TEXT = 500;
    private static final String METADATA_KEY = "(?s).{1,40}";

    private final JsonNode json;
    private final List<Object> loc;
    private final List<InvalidRequest.Detail> invalid;

    private Body(JsonNode json, List<Object> loc, List<InvalidRequest.Detail> invalid) {
        this.json = json;
        this.loc = loc;
        this.invalid = invalid;
    }

    static Body of(byte[] body) {
        JsonNode read;
        try {
            read = JSON.readTree(body);
        } catch (IOException e) {
            throw InvalidRequest.body("json_invalid", "JSON decode error");
        }
        if (read == null || !read.isObject()) {
            throw InvalidRequest.body("model_attributes_type", "Input should be a valid dictionary");
        }
        return new Body(read, List.of("body"), new ArrayList<>());
    }

    /// @throws InvalidRequest if a field that was read is invalid
    void check() {
        if (!invalid.isEmpty()) {
            throw new InvalidRequest("RequestValidationError", invalid);
        }
    }

    /// Whether the field is there, be it null.
    boolean has(String field) {
        return json.has(field);
    }

    JsonNode node(String field) {
        return json.path(field);
    }

    /// Remembers that a field breaks a rule of the schema.
    void refuse(String field, String type, String message) {
        List<Object> way = new ArrayList<>(loc);
        way.add(field);
        invalid.add(new InvalidRequest.Detail(way, type, message, json.get(field)));
    }

    /// Remembers the fields that have no value.
    Body require(String... fields) {
        for (String field : fields) {
            if (!json.hasNonNull(field)) {
                refuse(field, "missing", "Field required");
            }
        }
        return this;
    }

    Optional<String> text(String field) {
        return value(field, node -> node.isTextual()
                ? Optional.of(node.textValue())
                : wrong(
                        field, "string_type", "Input should be a valid string"));
    }

    /// A text of `least` to `most` characters.
    Optional<String> text(String field, int least, int most) {
        return text(field).filter(text -> {
            int length = text.codePointCount(0, text.length());
            if (length < least) {
                refuse(field, "string_too_short", "String should have at least " + least + " characters");
            } else if (length > most) {
                refuse(field, "string_too_long", "String should have at most " + most + " characters");
            }
            return length >= least && length <= most;
        });
    }

    Optional<String> oneOf(String field, List<String> values) {
        return text(field).filter(text -> {
            if (!values.contains(text)) {
                refuse(field, "enum", "Input should be one of " + values);
            }
            return values.contains(text);
        });
    }

    Optional<UUID> id(String field) {
        return text(field).flatMap(text -> parsed(
                field, text, Parse::id, "uuid_parsing", "Input should be a valid UUID"));
    }

    /// A time with its zone.
    Optional<Instant> time(String field) {
        return text(field).flatMap(text -> parsed(
                field, text, Parse::time, "datetime_from_date_parsing",
                "Input should be a valid datetime with a timezone"));
    }

    Optional<Boolean> flag(String field) {
        return value(field, node -> node.isBoolean()
                ? Optional.of(node.booleanValue())
                : wrong(
                        field, "bool_type", "Input should be a valid boolean"));
    }

    /// A whole number from `least` to `most`.
    Optional<Integer> number(String field, int least, int most) {
        return value(field, node -> {
            if (!node.canConvertToExactIntegral() || !node.canConvertToInt()) {
                return wrong(field, "int_type", "Input should be a valid integer");
            }
            int number = node.intValue();
            if (number < least) {
                return wrong(field, "greater_than_equal", "Input should be greater than or equal to " + least);
            }
            return number > most
                    ? wrong(field, "less_than_equal", "Input should be less than or equal to " + most)
                    : Optional.of(number);
        });
    }

    /// The object in a field; empty if there is none.
    Optional<Body> object(String field) {
        return value(field, node -> node.isObject()
                ? Optional.of(inner(node, field))
                : wrong(
                        field, "model_attributes_type", "Input should be a valid dictionary"));
    }

    /// The objects in a list; no object if there is no list.
    List<Body> objects(String field) {
        return elements(field, (list, position) -> {
            Body element = inner(list.json.get(position), field, position);
            if (!element.json.isObject()) {
                list.refuse(position, "model_attributes_type", "Input should be a valid dictionary");
                return Optional.empty();
            }
            return Optional.of(element);
        });
    }

    List<UUID> ids(String field) {
        return elements(field, (list, position) -> list.json.get(position).isTextual()
                ? list.parsed(position, list.json.get(position).textValue())
                : list.refused(position));
    }

    List<String> texts(String field) {
        return elements(field, (list, position) -> {
            if (!list.json.get(position).isTextual()) {
                list.refuse(position, "string_type", "Input should be a valid string");
                return Optional.empty();
            }
            return Optional.of(list.json.get(position).textValue());
        });
    }

    /// Polar's `metadata`: at most 50 keys of 1 to 40 characters, with texts of 1 to 500, numbers or booleans.
    /// Empty if the field is not there, or null.
    ///
    /// @param nested keys whose values may be objects
    Optional<Map<String, Object>> metadata(String field, String... nested) {
        return object(field).map(object -> {
            Map<String, Object> metadata = new TreeMap<>();
            object.json.properties().forEach(entry -> {
                JsonNode value = entry.getValue();
                if (value.isObject() && List.of(nested).contains(entry.getKey())) {
                    metadata.put(entry.getKey(), JSON.convertValue(value, Object.class));
                    return;
                }
                if (!entry.getKey().matches(METADATA_KEY) || !value.isValueNode() || value.isNull()
                        || value.isDouble() && !Double.isFinite(value.doubleValue())
                        || value.isTextual() && (value.textValue().isEmpty()
                                || value.textValue().length() > METADATA_TEXT)) {
                    object.refuse(entry.getKey(), "value_error",
                            "Keys have 1 to 40 characters, values are texts of 1 to 500, numbers or booleans");
                }
                metadata.put(entry.getKey(), JSON.convertValue(value, Object.class));
            });
            if (metadata.size() > METADATA_KEYS) {
                refuse(field, "too_long", "Dictionary should have at most " + METADATA_KEYS + " items");
            }
            return metadata;
        });
    }

    ObjectNode json() {
        return (ObjectNode) json;
    }

    private interface Element<T> {

        Optional<T> read(Body list, int position);
    }

    private <T> List<T> elements(String field, Element<T> element) {
        JsonNode list = json.path(field);
        if (list.isMissingNode() || list.isNull()) {
            return List.of();
        }
        if (!list.isArray()) {
            refuse(field, "list_type", "Input should be a valid list");
            return List.of();
        }
        Body within = inner(list, field);
        return IntStream.range(0, list.size())
                .mapToObj(position -> element.read(within, position))
                .flatMap(Optional::stream)
                .toList();
    }

    private void refuse(int position, String type, String message) {
        List<Object> way = new ArrayList<>(loc);
        way.add(position);
        invalid.add(new InvalidRequest.Detail(way, type, message, json.get(position)));
    }

    private Optional<UUID> refused(int position) {
        refuse(position, "uuid_type", "Input should be a valid UUID");
        return Optional.empty();
    }

    private Optional<UUID> parsed(int position, String text) {
        try {
            return Optional.of(Parse.id(text));
        } catch (IllegalArgumentException e) {
            refuse(position, "uuid_parsing", "Input should be a valid UUID");
            return Optional.empty();
        }
    }

    private Body inner(JsonNode node, Object... steps) {
        List<Object> way = new ArrayList<>(loc);
        way.addAll(List.of(steps));
        return new Body(node, way, invalid);
    }

    private <T> Optional<T> value(String field, Function<JsonNode, Optional<T>> read) {
        return json.hasNonNull(field) ? read.apply(json.get(field)) : Optional.empty();
    }

    private <T> Optional<T> wrong(String field, String type, String message) {
        refuse(field, type, message);
        return Optional.empty();
    }

    private <T> Optional<T> parsed(
            String field, String text, Function<String, T> parse, String type, String message) {
        try {
            return Optional.of(parse.apply(text));
        } catch (IllegalArgumentException | DateTimeException e) {
            return wrong(field, type, message);
        }
    }
}
