package dev.plinto.polar.polar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.BodyJson;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// Whether two bodies are equal: byte for byte, or as JSON. Polar repeats an event byte for byte; a body that was read
/// from its API may have another order of keys, other escapes or other spaces.
public final class BodyEquality {

    public static boolean areEqual(byte[] one, byte[] other) {
        return areEqual(one, other, Set.of());
    }

    /// @param exempt names of fields of the whole body that may differ
    public static boolean areEqual(byte[] one, byte[] other, Set<String> exempt) {
        return Arrays.equals(one, other) || json(one, exempt).flatMap(first -> json(other, exempt)
                .map(second -> first.equals(BodyEquality::compare, second))).orElse(false);
    }

    /// Called for values, not for objects and arrays: 0 if they are equal.
    private static int compare(JsonNode one, JsonNode other) {
        if (one.equals(other)) {
            return 0;
        }
        return one.isNumber() && other.isNumber() && haveEqualValues(one, other) ? 0 : 1;
    }

    private static boolean haveEqualValues(JsonNode one, JsonNode other) {
        try {
            return one.decimalValue().compareTo(other.decimalValue()) == 0;
        } catch (ArithmeticException outOfReach) {
            return false;
        }
    }

    private static Optional<JsonNode> json(byte[] body, Set<String> exempt) {
        return BodyJson.read(body).filter(root -> !root.isMissingNode())
                .map(root -> root instanceof ObjectNode object ? object.without(exempt) : root);
    }

    private BodyEquality() {}
}
