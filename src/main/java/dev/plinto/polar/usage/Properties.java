package dev.plinto.polar.usage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.PlainText;
import java.util.Map.Entry;
import java.util.Set;

/// What a producer wants meters to filter by, within the limits of Polar's metadata. The quantity is one of its keys
/// there.
final class Properties {

    private static final int MOST_OF_POLAR = 50;
    private static final int MOST = MOST_OF_POLAR - 1;
    private static final int LONGEST_NAME = 40;
    private static final int LONGEST_TEXT = 500;
    private static final int LONGEST_NUMBER = 40;

    /// The first is ours; to the others Polar gives a meaning of its own.
    private static final Set<String> RESERVED = Set.of("quantity", "_cost", "_llm");

    static final String RULE = "must be an object of at most " + MOST + " properties, with names of 1 to "
            + LONGEST_NAME + " characters other than quantity, _cost and _llm, and values that are numbers, true, "
            + "false, or texts of 1 to " + LONGEST_TEXT + " characters, none with control characters";

    static boolean areValid(JsonNode properties) {
        return properties.isObject() && properties.size() <= MOST
                && properties.properties().stream().allMatch(Properties::isValid);
    }

    private static boolean isValid(Entry<String, JsonNode> property) {
        String name = property.getKey();
        return name.length() <= LONGEST_NAME && PlainText.isOne(name) && !RESERVED.contains(name)
                && isValue(property.getValue());
    }

    private static boolean isValue(JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> true;
            case STRING -> value.textValue().length() <= LONGEST_TEXT && PlainText.isOne(value.textValue());
            case NUMBER -> value.asText().length() <= LONGEST_NUMBER
                    && Double.isFinite(Double.parseDouble(value.asText()));
            case ARRAY, BINARY, MISSING, NULL, OBJECT, POJO -> false;
        };
    }

    private Properties() {}
}
