package dev.plinto.polar.sandbox.polar;

import java.util.ArrayList;
import java.util.List;

/// Fields of a request that break Polar's rules, such as an unknown product: Polar answers 422. Nothing was changed,
/// and nothing emitted.
public final class InvalidFields extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final transient List<Field> fields;

    InvalidFields(List<Field> fields) {
        super(fields.toString());
        this.fields = List.copyOf(fields);
    }

    static InvalidFields of(String message, Object... field) {
        return new InvalidFields(List.of(new Field("value_error", message, List.of(field))));
    }

    public List<Field> fields() {
        return fields;
    }

    /// `rule` is Pydantic's name of it; `way` leads to the field in the body, as in `products, 0`.
    public record Field(String rule, String message, List<Object> way) {}

    /// Collects invalid fields, so that a request is told all of them at once.
    static final class Found {

        private final List<Field> fields = new ArrayList<>();

        void broken(boolean broken, String message, Object... field) {
            if (broken) {
                fields.add(new Field("value_error", message, List.of(field)));
            }
        }

        void missing(boolean missing, String message, Object... field) {
            if (missing) {
                fields.add(new Field("missing", message, List.of(field)));
            }
        }

        void check() {
            if (!fields.isEmpty()) {
                throw new InvalidFields(fields);
            }
        }
    }
}
