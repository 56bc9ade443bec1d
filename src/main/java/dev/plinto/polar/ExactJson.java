package dev.plinto.polar;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/// Reads JSON so that it can be written again as it came: a number keeps the form in which it was sent (`2000.0`,
/// `1e400`), whatever its size. The text is read to its end, and a duplicate key is an error.
///
/// Jackson's own trees keep a number's value at best, and refuse numbers that are too long for a value.
public final class ExactJson {

    /// The parsers of these trees; for reading tokens alone.
    public static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // keys of metadata come from outside
            .streamReadConstraints(StreamReadConstraints.builder().maxNumberLength(Integer.MAX_VALUE).build())
            .build();

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// @return a missing node if there is nothing to read
    /// @throws IOException if the bytes are not one JSON value
    public static JsonNode read(byte[] json) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            return document(parser);
        }
    }

    /// @return a missing node if there is nothing to read
    /// @throws IOException if the text is not one JSON value
    public static JsonNode read(String json) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            return document(parser);
        }
    }

    private static JsonNode document(JsonParser json) throws IOException {
        JsonToken first = json.nextToken();
        if (first == null) {
            return MissingNode.getInstance();
        }
        JsonNode document = value(json, first);
        if (json.nextToken() != null) {
            throw new JsonParseException(json, "more than one value");
        }
        return document;
    }

    /// The parser limits the depth.
    private static JsonNode value(JsonParser json, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> array(json);
            case VALUE_STRING -> NODES.textNode(json.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> WrittenNumber.read(json.getText());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new JsonParseException(json, "not a value");
        };
    }

    private static ObjectNode object(JsonParser json) throws IOException {
        ObjectNode object = NODES.objectNode();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            if (object.replace(name, value(json, json.nextToken())) != null) {
                throw new JsonParseException(json, "a duplicate key");
            }
        }
        return object;
    }

    private static ArrayNode array(JsonParser json) throws IOException {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
            array.add(value(json, next));
        }
        return array;
    }

    private ExactJson() {}
}
