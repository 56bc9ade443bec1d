package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.api.FailureReason.FieldError;
import dev.plinto.polar.polar.api.FailureReason.MissingScope;
import dev.plinto.polar.polar.api.FailureReason.OrganizationLimited;
import dev.plinto.polar.polar.api.FailureReason.OtherEnvironment;
import dev.plinto.polar.polar.api.FailureReason.RateLimited;
import dev.plinto.polar.polar.api.FailureReason.Redirected;
import dev.plinto.polar.polar.api.FailureReason.Refused;
import dev.plinto.polar.polar.api.FailureReason.ServerFault;
import dev.plinto.polar.polar.api.FailureReason.TokenNotAccepted;
import dev.plinto.polar.polar.api.FailureReason.Unanswered;
import dev.plinto.polar.polar.api.FailureReason.Unreachable;
import dev.plinto.polar.polar.api.FailureReason.Unreadable;
import dev.plinto.polar.polar.api.FailureReason.UnusableField;
import dev.plinto.polar.polar.api.FailureReason.VersionGone;
import java.net.URI;
import java.util.stream.Collectors;

/// What operators read about a failed call. A lasting failure has the same text each time, so that it is logged once.
record FailureText(Operation operation, PolarConfig config) {

    private static final int MOST_FIELDS = 5;

    String of(FailureReason reason) {
        return switch (reason) {
            case Unreachable why -> unreachable(why);
            case Unanswered.TIMED_OUT -> environment() + " does not answer in time (POLAR_API_TIMEOUT is "
                    + config.api().timeout().toMillis()
                    + " ms). Check whether this host may connect to it, and status.polar.sh.";
            case Unanswered.CUT -> "The connection to " + environment() + " was closed before the whole answer to "
                    + operation.wireName() + " had arrived. See status.polar.sh, and check proxies in between.";
            case Unreadable body -> notAsDocumented("");
            case UnusableField field -> notAsDocumented(": " + field.path() + " is not " + field.expected());
            case OtherEnvironment other -> config.sandbox()
                    ? "POLAR_SANDBOX is true, but the answer is not from Polar's sandbox: check POLAR_API_URL."
                    : "POLAR_SANDBOX is false, but the answer is from Polar's sandbox: check POLAR_API_URL.";
            case TokenNotAccepted token when config.accessToken().isEmpty() ->
                "This replica has no POLAR_ACCESS_TOKEN, "
                        + "which " + operation.wireName() + " needs: set it wherever the role api runs (POLAR_ROLES).";
            case TokenNotAccepted token -> environment()
                    + " does not accept POLAR_ACCESS_TOKEN: it is wrong, expired or revoked, or belongs to the other "
                    + "environment (POLAR_SANDBOX is " + config.sandbox() + "). Create a new one in Polar's settings.";
            case MissingScope token -> "POLAR_ACCESS_TOKEN lacks the scope " + operation.scope() + ", which "
                    + operation.wireName() + " needs. Create a new token with it.";
            case VersionGone version -> environment() + " has no " + operation.wireName() + " in version "
                    + config.api().version()
                    + ": that version may have been removed (POLAR_API_VERSION), or POLAR_API_URL is not Polar's API.";
            case Redirected elsewhere -> answered(elsewhere.status())
                    + ", a redirect, which is not followed: check POLAR_API_URL.";
            case ServerFault fault -> answered(fault.status()) + ", a fault of its own. See status.polar.sh.";
            case RateLimited limited -> environment() + " limits the rate of requests, or all that this service may "
                    + "send are used up (POLAR_API_REQUESTS_PER_MINUTE). If Polar answers 429, other clients may use "
                    + "the organization's limit too: lower POLAR_API_REQUESTS_PER_MINUTE. The call is possible later.";
            case OrganizationLimited limited -> "Too many calls of Polar were made for this organization in the last "
                    + "minute. The call is possible later.";
            case Refused refused -> answered(refused.status()) + refusal(refused)
                    + ". The same call would be refused again: see what Polar's documentation says about it.";
        };
    }

    private String unreachable(Unreachable why) {
        String host = URI.create(config.baseUrl()).getHost();
        return environment() + " cannot be reached: " + switch (why) {
            case UNKNOWN_HOST -> "DNS does not know " + host + ". Check the DNS of this host, and POLAR_API_URL.";
            case TLS ->
                "the TLS handshake with " + host + " fails. Check that this host trusts the certificate and has "
                        + "the right time, whether a proxy answers in Polar's place, and POLAR_API_URL.";
            case NO_CONNECTION -> "there is no connection to " + host
                    + ". Check whether this host may connect to it, and status.polar.sh.";
            case CONNECT_TIMEOUT -> host + " accepted no connection within " + config.connectTimeout().toMillis()
                    + " ms. Check whether this host may connect to it, and status.polar.sh.";
        };
    }

    private String notAsDocumented(String detail) {
        return "The answer to " + operation.wireName() + " is not as Polar documents it" + detail
                + ". A proxy may have answered in Polar's place, or this release was not made for POLAR_API_VERSION.";
    }

    private static String refusal(Refused refused) {
        String fields = refused.fields().stream().limit(MOST_FIELDS).map(FieldError::field)
                .collect(Collectors.joining(", "));
        return (refused.error().isEmpty() ? "" : " " + refused.error()) + (fields.isEmpty() ? "" : " for " + fields);
    }

    private String answered(int status) {
        return environment() + " answered " + operation.wireName() + " with status " + status;
    }

    private String environment() {
        return config.sandbox() ? "Polar's sandbox" : "Polar's production API";
    }
}
