package dev.plinto.polar.sandbox.polar;

import java.util.ArrayList;
import java.util.List;

/// Fields of a request that break Polar's rules, such as an unknown product: Polar answers 422. Nothing was changed,
/// and nothing emitted.
public final class InvalidFields extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    InvalidFields(List<Problem> problems) {
        super(problems.toString());
        this.problems = List.copyOf(problems);
    }

    static InvalidFields of(String message, Object... field) {
        return new InvalidFields(List.of(new Problem("value_error", message, List.of(field))));
    }

    public List<Problem> problems() {
        return problems;
    }

    /// `type` is Pydantic's name of the rule; `field` is the way to it in the body, as in `products, 0`.
    public record Problem(String type, String message, List<Object> field) {}

    /// Collects problems, so that a request is told all of them at once.
    static final class Found {

        private final List<Problem> problems = new ArrayList<>();

        void broken(boolean broken, String message, Object... field) {
            if (broken) {
                problems.add(new Problem("value_error", message, List.of(field)));
            }
        }

        void missing(boolean missing, String message, Object... field) {
            if (missing) {
                problems.add(new Problem("missing", message, List.of(field)));
            }
        }

        void check() {
            if (!problems.isEmpty()) {
                throw new InvalidFields(problems);
            }
        }
    }
}
