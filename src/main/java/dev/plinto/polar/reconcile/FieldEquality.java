package dev.plinto.polar.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.entitlement.Field;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Whether two values of a field are equal.
final class FieldEquality {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// JSON is compared by content, whatever the order of its keys.
    static boolean areEqual(Field<?> field, @Nullable Object left, @Nullable Object right) {
        return Objects.equals(left, right)
                || field.type() == Field.Type.JSON && left != null && right != null && areEqualJson(left, right);
    }

    private static boolean areEqualJson(Object left, Object right) {
        try {
            return JSON.readTree(left.toString()).equals(JSON.readTree(right.toString()));
        } catch (JsonProcessingException notJson) { // two texts, which differ
            return false;
        }
    }

    private FieldEquality() {}
}
