package dev.plinto.polar.polar.api;

import dev.plinto.polar.provider.NoAnswer;
import java.time.Duration;
import java.util.List;

/// Why a call of Polar's API failed.
public sealed interface FailureReason {

    /// Whether Polar may have carried the request out: what it was to change must be read before it is sent again.
    default boolean mayBeCarriedOut() {
        return switch (this) {
            case Unanswered nothing -> true;
            case Unreadable answer -> true;
            case UnusableField answer -> true;
            case OtherEnvironment answer -> true;
            case ServerFault fault -> true;
            case Unreachable nobody -> false;
            case TokenNotAccepted token -> false;
            case MissingScope token -> false;
            case VersionGone version -> false;
            case Redirected elsewhere -> false;
            case RateLimited limited -> false;
            case OrganizationLimited limited -> false;
            case Refused refused -> false;
        };
    }

    static FailureReason of(NoAnswer why) {
        return switch (why) {
            case UNKNOWN_HOST -> Unreachable.UNKNOWN_HOST;
            case TLS -> Unreachable.TLS;
            case NO_CONNECTION -> Unreachable.NO_CONNECTION;
            case CONNECT_TIMEOUT -> Unreachable.CONNECT_TIMEOUT;
            case TIMED_OUT -> Unanswered.TIMED_OUT;
            case CUT -> Unanswered.CUT;
            case UNREADABLE -> new Unreadable();
        };
    }

    /// There was no connection. Nothing was sent.
    enum Unreachable implements FailureReason {
        UNKNOWN_HOST, TLS, NO_CONNECTION, CONNECT_TIMEOUT
    }

    /// The request was sent, and no whole answer came: in time, or before the connection was closed. Polar may have
    /// carried it out.
    enum Unanswered implements FailureReason {
        TIMED_OUT, CUT
    }

    /// The answer is no HTTP, no JSON or has no date. Polar may have carried the request out.
    record Unreadable() implements FailureReason {}

    /// The answer lacks a field that is needed, or has something else in it than Polar documents, or it is about
    /// another object than the one that was asked for. Polar carried the request out.
    ///
    /// @param path     of the field, such as `items[].id`
    /// @param expected what it is not, such as `a text`
    record UnusableField(String path, String expected) implements FailureReason {}

    /// The answer comes from Polar's sandbox instead of from production, or the other way round.
    record OtherEnvironment() implements FailureReason {}

    /// 401: the token is wrong, expired or revoked.
    record TokenNotAccepted() implements FailureReason {}

    /// 403: the token lacks the scope that the operation needs.
    record MissingScope() implements FailureReason {}

    /// 404 for the operation itself: Polar removed the API version.
    record VersionGone() implements FailureReason {}

    /// A redirect; none is followed.
    record Redirected(int status) implements FailureReason {}

    /// A fault of Polar's own, or of a proxy before it. Polar may have carried the request out.
    record ServerFault(int status) implements FailureReason {}

    /// Nothing more is sent at present: the limit of all requests is used up, ours or Polar's.
    record RateLimited(Duration retryAfter) implements FailureReason {}

    /// Nothing more is sent for this organization at present: its own limit is used up.
    record OrganizationLimited(Duration retryAfter) implements FailureReason {}

    /// Polar refused this very request, and would again.
    ///
    /// @param error  Polar's name of the error, such as `ResourceNotFound`; empty if the answer has none
    /// @param fields what is wrong with single fields of the request, if that is why
    record Refused(int status, String error, List<FieldError> fields) implements FailureReason {

        public Refused {
            fields = List.copyOf(fields);
        }

        public Refusal refusal() {
            return Refusal.of(error, fields);
        }
    }

    /// @param field   of the request: `customer_email`, `products.0`, for a parameter `query.sorting`
    /// @param message Polar's, for whoever filled the field. It may repeat the value, so it is in no log.
    record FieldError(String field, String message) {

        @Override
        public String toString() {
            return "FieldError[field=" + field + "]";
        }
    }
}
