package dev.plinto.polar.sandbox.polar;

/// An action that Polar's rules forbid in the present state, with the name that Polar gives the error and the status
/// of its answer. Nothing was changed, and nothing emitted.
public final class Refusal extends IllegalStateException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String error;

    public Refusal(int status, String error, String detail) {
        super(detail);
        this.status = status;
        this.error = error;
    }

    public int status() {
        return status;
    }

    /// Such as `AlreadyCanceledSubscription`.
    public String error() {
        return error;
    }
}
