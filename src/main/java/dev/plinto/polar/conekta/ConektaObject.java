package dev.plinto.polar.conekta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.ReadableText;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Field;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One of Conekta's JSON objects. Unknown keys are ignored, which is safe; a field of another type than Conekta
/// documents is [Unreadable], since a guess would be wrong.
record ConektaObject(String path, JsonNode node) {

    private static final int LONGEST_ID = 500;

    /// Names the field, never its value: values are personal data.
    static final class Unreadable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String detail;

        Unreadable(String path, String expected) {
            super(path + " is not " + expected, null, false, false);
            detail = path + " is not " + expected;
        }

        String detail() {
            return detail;
        }
    }

    /// Without the values, which are personal data.
    @Override
    public String toString() {
        return "ConektaObject[path=" + path + "]";
    }

    boolean has(String name) {
        return node.has(name);
    }

    /// Empty if the key is missing or null.
    Optional<ConektaObject> object(String name) {
        return Optional.ofNullable(
                read(name, JsonNode::isObject, "an object", value -> new ConektaObject(at(name), value)));
    }

    ConektaObject requiredObject(String name) {
        return object(name).orElseThrow(() -> missing(name));
    }

    /// For all texts that name an object: they become keys of indexes and records, so their length is limited. Null if
    /// it is blank.
    @Nullable
    String id(String name) {
        return storable(name, read(name, JsonNode::isTextual, "a text", JsonNode::textValue));
    }

    String requiredId(String name) {
        return Optional.ofNullable(id(name)).orElseThrow(() -> missing(name));
    }

    /// A value in metadata may be a text or a whole number; both mean the same id.
    @Nullable
    String idInMetadata(String name) {
        return storable(name, read(name, value -> value.isTextual() || value.isIntegralNumber(),
                "a text or a whole number", JsonNode::asText));
    }

    private @Nullable String storable(String name, @Nullable String id) {
        if (id == null || id.isBlank()) {
            return null;
        }
        if (id.length() > LONGEST_ID) {
            throw new Unreadable(at(name), "at most " + LONGEST_ID + " characters long");
        }
        if (!ReadableText.isReadable(id)) { // two ids must not become one
            throw new Unreadable(at(name), "a text that can be stored");
        }
        return id;
    }

    /// A text for people: see [ReadableText].
    @Nullable
    String text(String name) {
        return read(name, JsonNode::isTextual, "a text", value -> ReadableText.of(value.textValue()));
    }

    /// Whether it is a list that is not empty.
    boolean hasAny(String name) {
        return node.path(name).isArray() && !node.path(name).isEmpty();
    }

    boolean requiredBool(String name) {
        return Optional.ofNullable(read(name, JsonNode::isBoolean, "true or false", JsonNode::booleanValue))
                .orElseThrow(() -> missing(name));
    }

    @Nullable
    Long integer(String name) {
        return read(name, value -> value.isNumber() && value.canConvertToExactIntegral() && value.canConvertToLong(),
                "a whole number", JsonNode::longValue);
    }

    /// Conekta's schema has some times as texts with the same digits.
    @Nullable
    Instant time(String name) {
        return read(name, value -> value.isTextual() || value.isIntegralNumber(), "whole seconds since 1970",
                value -> EpochSeconds.parse(value.asText())
                        .orElseThrow(() -> new Unreadable(at(name), "whole seconds from 1970 to 9999")));
    }

    Instant requiredTime(String name) {
        return Optional.ofNullable(time(name)).orElseThrow(() -> missing(name));
    }

    /// Adds the field to the statement if this object carries it, also when it carries null.
    <T> void carry(Facts.StatementBuilder statement, Field<T> field, String name,
            Function<String, @Nullable T> reading) {
        if (has(name)) {
            statement.carries(field, reading.apply(name));
        }
    }

    /// Null if the key is missing or null.
    private <T> @Nullable T read(String name, Predicate<JsonNode> fits, String expected,
            Function<JsonNode, T> reading) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!fits.test(value)) {
            throw new Unreadable(at(name), expected);
        }
        return reading.apply(value);
    }

    private Unreadable missing(String name) {
        return new Unreadable(at(name), "there, and it is needed");
    }

    private String at(String name) {
        return path + "." + name;
    }
}
