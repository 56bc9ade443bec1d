package dev.plinto.polar.sandbox.polar;

/// A value that Polar's rules forbid in the present state, answered with 422. Nothing was changed, and nothing emitted.
public final class BrokenRule extends IllegalStateException {

    private static final long serialVersionUID = 1;

    private final String field;

    public BrokenRule(String field, String message) {
        super(message);
        this.field = field;
    }

    /// The field of the request that has the value.
    public String field() {
        return field;
    }
}
