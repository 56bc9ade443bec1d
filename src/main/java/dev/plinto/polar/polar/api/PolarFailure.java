package dev.plinto.polar.polar.api;

/// A call of Polar's API failed. The message is for operators: it states what to do, and contains neither the token nor
/// any value of a body.
public final class PolarFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient FailureReason reason;

    PolarFailure(FailureReason reason, Operation operation, PolarConfig config) {
        super(new FailureText(operation, config).of(reason), null, false, false);
        this.reason = reason;
    }

    public FailureReason reason() {
        return reason;
    }

    /// Whether calls for other objects may succeed all the same.
    public boolean mayBeOfOneObject() {
        return switch (reason) {
            case FailureReason.Unreadable body -> true;
            case FailureReason.UnusableField field -> true;
            case FailureReason.ServerFault fault -> true;
            case FailureReason.Refused refused -> true;
            case FailureReason.Unreachable nobody -> false;
            case FailureReason.Unanswered nothing -> false;
            case FailureReason.OtherEnvironment other -> false;
            case FailureReason.TokenNotAccepted token -> false;
            case FailureReason.MissingScope token -> false;
            case FailureReason.VersionGone version -> false;
            case FailureReason.Redirected elsewhere -> false;
            case FailureReason.RateLimited limited -> false;
            case FailureReason.OrganizationLimited limited -> false;
        };
    }
}
