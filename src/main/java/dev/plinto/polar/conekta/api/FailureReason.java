package dev.plinto.polar.conekta.api;

import dev.plinto.polar.provider.NoAnswer;
import java.time.Duration;
import java.util.List;

/// Why a call of Conekta's API failed.
public sealed interface FailureReason {

    /// Whether Conekta may have carried the request out: what it was to change must be read before it is sent again.
    default boolean mayBeCarriedOut() {
        return switch (this) {
            case Unanswered nothing -> true;
            case Unusable answer -> true;
            case OtherMode answer -> true;
            case ServerFault fault -> true;
            case Unreachable nobody -> false;
            case KeyNotAccepted key -> false;
            case NoSuchPath path -> false;
            case Redirected elsewhere -> false;
            case RateLimited limited -> false;
            case OrganizationLimited limited -> false;
            case Refused refused -> false;
        };
    }

    static FailureReason of(NoAnswer why) {
        return switch (why) {
            case UNKNOWN_HOST, TLS, NO_CONNECTION, CONNECT_TIMEOUT -> new Unreachable(why);
            case TIMED_OUT, CUT -> new Unanswered(why);
            case UNREADABLE -> new Unusable("an answer in HTTP");
        };
    }

    /// There was no connection. Nothing was sent.
    record Unreachable(NoAnswer why) implements FailureReason {}

    /// The request was sent, and no whole answer came: in time, or before the connection was closed. Conekta may have
    /// carried it out.
    record Unanswered(NoAnswer why) implements FailureReason {}

    /// The answer is not as Conekta documents it, or is about another object than the one that was asked for. Conekta
    /// may have carried the request out.
    ///
    /// @param expected what it is not, or does not have
    record Unusable(String expected) implements FailureReason {}

    /// The answer is of Conekta's test mode instead of production, or the other way round: the key decides.
    record OtherMode() implements FailureReason {}

    /// 401: the key is wrong or revoked.
    record KeyNotAccepted() implements FailureReason {}

    /// 404 that Conekta does not explain.
    record NoSuchPath() implements FailureReason {}

    /// A redirect; none is followed.
    record Redirected(int status) implements FailureReason {}

    /// A fault of Conekta's own, or of a proxy before it. Conekta may have carried the request out.
    record ServerFault(int status) implements FailureReason {}

    /// Conekta wants no requests for that time.
    record RateLimited(Duration retryAfter) implements FailureReason {}

    /// The organization has made as many calls in the last minute as one may. Nothing was sent.
    record OrganizationLimited(Duration retryAfter) implements FailureReason {}

    /// Conekta refused this very request, and would again: such as 402 for a payment that failed, 404 for an object
    /// that does not exist, 422 for a field, 428 for an object in another state.
    ///
    /// @param type  Conekta's name of the error, such as `parameter_validation_error`; empty if the answer has none
    /// @param logId by which Conekta's support finds the request; empty if the answer has none
    record Refused(int status, String type, String logId, List<Detail> details) implements FailureReason {

        public Refused {
            details = List.copyOf(details);
        }
    }

    /// @param code    such as `conekta.errors.parameter_validation`; may be empty
    /// @param param   the field of the request that is wrong; may be empty
    /// @param message Conekta's, for whoever filled the field. It may repeat the value, so it is in no log.
    record Detail(String code, String param, String message) {

        @Override
        public String toString() {
            return "Detail[code=" + code + ", param=" + param + "]";
        }
    }
}
