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

    /// Whether Polar refuses this operation whatever is asked of it, but may allow others: the token lacks a scope, or
    /// Polar does not have the operation.
    public boolean isOfOperation() {
        return switch (reason) {
            case FailureReason.MissingScope token -> true;
            case FailureReason.VersionGone version -> true;
            case FailureReason.Refused refused -> false;
            case FailureReason.Unreadable body -> false;
            case FailureReason.UnusableField field -> false;
            case FailureReason.ServerFault fault -> false;
            case FailureReason.Unreachable nobody -> false;
            case FailureReason.Unanswered nothing -> false;
            case FailureReason.OtherEnvironment other -> false;
            case FailureReason.TokenNotAccepted token -> false;
            case FailureReason.Redirected elsewhere -> false;
            case FailureReason.RateLimited limited -> false;
            case FailureReason.OrganizationLimited limited -> false;
        };
    }

    /// Whether Polar does not permit this very request, such as for what is not switched on for our organization.
    public boolean isNotPermitted() {
        return reason instanceof FailureReason.Refused refused && refused.status() == 403;
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
