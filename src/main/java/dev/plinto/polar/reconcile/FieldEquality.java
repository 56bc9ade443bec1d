package dev.plinto.polar.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.entitlement.Field;
import java.util.Objects;

/// When two values of a field are the same.
final class FieldEquality {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// JSON by what it says: the order of its keys is nobody's statement.
    static boolean areSame(Field<?> field, Object one, Object other) {
        return Objects.equals(one, other)
                || field.type() == Field.Type.JSON && one != null && other != null && sayTheSame(one, other);
    }

    private static boolean sayTheSame(Object one, Object other) {
        try {
            return JSON.readTree(one.toString()).equals(JSON.readTree(other.toString()));
        } catch (JsonProcessingException notJson) { // then they are texts, and differ
            return false;
        }
    }

    private FieldEquality() {}
}
