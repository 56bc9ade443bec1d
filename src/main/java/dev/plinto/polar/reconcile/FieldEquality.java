package dev.plinto.polar.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.postgres.StoredJson;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Whether two values of a field are equal.
final class FieldEquality {

    /// JSON is compared by content, whatever the order of its keys and the form of its numbers; so are decimal numbers.
    static boolean areEqual(Field<?> field, @Nullable Object left, @Nullable Object right) {
        return Objects.equals(left, right)
                || left instanceof BigDecimal number && right instanceof BigDecimal other
                        && number.compareTo(other) == 0
                || field.type() == Field.Type.JSON && left != null && right != null && areEqualJson(left, right);
    }

    private static boolean areEqualJson(Object left, Object right) {
        return StoredJson.read(left.toString()).equals(FieldEquality::compare, StoredJson.read(right.toString()));
    }

    /// 0 if the two are equal: numbers by their value.
    private static int compare(JsonNode left, JsonNode right) {
        if (left.equals(right)) {
            return 0;
        }
        return left.isNumber() && right.isNumber() && isEqualNumber(left, right) ? 0 : 1;
    }

    /// A value that is out of reach is equal to no other.
    private static boolean isEqualNumber(JsonNode left, JsonNode right) {
        try {
            return left.decimalValue().compareTo(right.decimalValue()) == 0;
        } catch (ArithmeticException outOfReach) {
            return false;
        }
    }

    private FieldEquality() {}
}
