package dev.plinto.polar.polar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.plinto.polar.ReadableText;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Field;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// One of Polar's JSON objects. Unknown keys are ignored, which is safe; a field of another type than Polar documents
/// is [Unreadable], since a guess would be wrong.
public record Payload(String path, JsonNode node) {

    private static final int LONGEST_ID = 500;
    private static final int LONGEST_SHORT_TEXT = 64;
    private static final int MOST_DIGITS = 400; // more than a floating-point number of 64 bits has

    /// Names the field, never its value: values are personal data.
    public static final class Unreadable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String path;
        private final String expected;

        public Unreadable(String path, String expected) {
            super(path + " is not " + expected, null, false, false);
            this.path = path;
            this.expected = expected;
        }

        public String path() {
            return path;
        }

        /// What the field is not.
        public String expected() {
            return expected;
        }

        String detail() {
            return path + " is not " + expected;
        }
    }

    /// Without the values, which are personal data.
    @Override
    public String toString() {
        return "Payload[path=" + path + "]";
    }

    boolean has(String name) {
        return node.has(name);
    }

    /// Empty if the key is missing or null.
    public Optional<Payload> object(String name) {
        JsonNode child = value(name);
        if (child.isArray() && child.isEmpty()) { // an empty object, re-encoded by PHP somewhere on its way
            return Optional.of(new Payload(at(name), MissingNode.getInstance()));
        }
        return isAbsent(child)
                ? Optional.empty()
                : Optional.of(read(name, child.isObject(), "an object", n -> new Payload(at(name), n)));
    }

    public Stream<Payload> objects(String name) {
        JsonNode list = value(name);
        if (isAbsent(list)) {
            return Stream.empty();
        }
        read(name, list.isArray(), "a list", Function.identity());
        return StreamSupport.stream(list.spliterator(), false).map(item -> {
            if (!item.isObject()) {
                throw new Unreadable(at(name) + "[]", "an object");
            }
            return new Payload(at(name) + "[]", item);
        });
    }

    public String requiredId(String name) {
        String id = id(name);
        if (id == null || id.isBlank()) {
            throw new Unreadable(at(name), "an id, and it is needed");
        }
        return id;
    }

    /// For all texts that name an object: they become keys of indexes and records, so their length is limited. Polar
    /// limits such texts in metadata to the same length.
    public @Nullable String id(String name) {
        return storable(name, nullable(name, JsonNode::isTextual, "a text", JsonNode::textValue));
    }

    /// A value in metadata may be a text or a number; both mean the same id.
    @Nullable
    String idInMetadata(String name) {
        return storable(name, nullable(name, Payload::isTextOrWholeNumber, "a text", JsonNode::asText));
    }

    /// Null if it is anything but a readable text of at most 64 characters: who wrote it may have meant something else.
    @Nullable
    String shortText(String name) {
        String text = value(name).textValue();
        return text != null && text.length() <= LONGEST_SHORT_TEXT && ReadableText.isReadable(text) ? text : null;
    }

    private @Nullable String storable(String name, @Nullable String id) {
        if (id != null && id.length() > LONGEST_ID) {
            throw new Unreadable(at(name), "at most " + LONGEST_ID + " characters long");
        }
        if (id != null && !ReadableText.isReadable(id)) { // two ids must not become one
            throw new Unreadable(at(name), "a text that can be stored");
        }
        return id;
    }

    /// A text for people: see [ReadableText].
    public @Nullable String text(String name) {
        return nullable(name, JsonNode::isTextual, "a text", value -> ReadableText.of(value.textValue()));
    }

    /// Any text, even with characters that PostgreSQL does not store.
    public @Nullable String anyText(String name) {
        return nullable(name, JsonNode::isTextual, "a text", JsonNode::textValue);
    }

    public List<String> texts(String name) {
        JsonNode list = value(name);
        read(name, list.isArray(), "a list", Function.identity());
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }

    @Nullable
    String textOrNumber(String name) {
        return nullable(name, Payload::isTextOrWholeNumber, "a text", value -> ReadableText.of(value.asText()));
    }

    private static boolean isTextOrWholeNumber(JsonNode value) {
        return value.isTextual() || value.isIntegralNumber();
    }

    public @Nullable Boolean bool(String name) {
        return nullable(name, JsonNode::isBoolean, "true or false", JsonNode::booleanValue);
    }

    public @Nullable Long integer(String name) {
        return nullable(name,
                value -> value.isNumber() && value.canConvertToExactIntegral() && value.canConvertToLong(),
                "a whole number", JsonNode::longValue);
    }

    public @Nullable Integer smallInteger(String name) {
        return nullable(name, value -> value.isNumber() && value.canConvertToExactIntegral() && value.canConvertToInt(),
                "a whole number of usual size", JsonNode::intValue);
    }

    public @Nullable Instant time(String name) {
        return nullable(name, JsonNode::isTextual, "a time", value -> timeOf(at(name), value.textValue()));
    }

    public Instant requiredTime(String name) {
        Instant time = time(name);
        if (time == null) {
            throw new Unreadable(at(name), "there, and it is needed");
        }
        return time;
    }

    /// The object as JSON text, its numbers as they were written and its texts readable.
    @Nullable
    String json(String name) {
        return nullable(name, value -> value.isObject() || value.isArray() && value.isEmpty(), "an object",
                value -> value.isObject() ? ReadableText.of(value).toString() : "{}");
    }

    /// The list as JSON text, like [#json].
    @Nullable
    String jsonList(String name) {
        return nullable(name, JsonNode::isArray, "a list", value -> ReadableText.of(value).toString());
    }

    /// With the digits that were written.
    @Nullable
    BigDecimal decimal(String name) {
        return nullable(name, value -> value.isNumber() && isOfUsualSize(value), "a number of usual size",
                value -> {
                    BigDecimal number = value.decimalValue();
                    return number.scale() < 0 ? number.setScale(0) : number; // as PostgreSQL would return it
                });
    }

    private static boolean isOfUsualSize(JsonNode value) {
        try {
            BigDecimal number = value.decimalValue();
            return Math.abs((long) number.scale()) <= MOST_DIGITS && number.precision() <= MOST_DIGITS;
        } catch (ArithmeticException outOfReach) {
            return false;
        }
    }

    /// Adds the field to the statement if this object carries it, also when it carries null.
    <T> void carry(Facts.StatementBuilder statement, Field<T> field, Function<String, @Nullable T> reading) {
        carry(statement, field, field.name(), reading);
    }

    /// The same for a field that has another name here.
    <T> void carry(Facts.StatementBuilder statement, Field<T> field, String name,
            Function<String, @Nullable T> reading) {
        if (has(name)) {
            statement.carries(field, reading.apply(name));
        }
    }

    /// When Polar last modified the object; empty if the object does not state it.
    public Optional<Instant> modifiedAt() {
        return Optional.ofNullable(time("modified_at")).or(() -> Optional.ofNullable(time("created_at")));
    }

    private <T> @Nullable T nullable(String name, Predicate<JsonNode> fits, String expected,
            Function<JsonNode, T> reading) {
        JsonNode value = value(name);
        return isAbsent(value) ? null : read(name, fits.test(value), expected, reading);
    }

    private <T> T read(String name, boolean fits, String expected, Function<JsonNode, T> reading) {
        if (!fits) {
            throw new Unreadable(at(name), expected);
        }
        return reading.apply(value(name));
    }

    private JsonNode value(String name) {
        return node.path(name);
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private String at(String name) {
        return path + "." + name;
    }

    private static Instant timeOf(String path, String text) {
        return WrittenTime.parse(text)
                .orElseThrow(() -> new Unreadable(path, "a time in RFC 3339 between 1970 and 9999"));
    }

    static List<String> sorted(Stream<String> texts) {
        return texts.distinct().sorted().toList();
    }
}
