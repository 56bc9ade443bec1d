package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.conekta.ConektaConfig;
import dev.plinto.polar.conekta.api.ConektaFailure;
import dev.plinto.polar.conekta.api.FailureReason;
import io.quarkus.logging.Log;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A failure of Conekta's API as the answer to whoever asked for something there; as [ProviderProblem] for Polar.
final class ConektaProblem {

    private static final Duration RETRY = Duration.ofSeconds(5);

    /// Throws 503 `provider-not-configured` while Conekta is off: what was bought there was so before.
    static void requireOn(ConektaConfig config) {
        if (!config.isOn()) {
            throw new Problem("provider-not-configured", 503, "Conekta is not set up for this",
                    "It was bought at Conekta, which is off: an operator must set CONEKTA_PRIVATE_KEY.").exception();
        }
    }

    static WebApplicationException of(ConektaFailure failure) {
        return switch (failure.reason()) {
            case FailureReason.Refused refused -> refused(refused.details());
            case FailureReason.RateLimited limited -> tooMany(
                    "Conekta takes no more requests of this service at present.", limited.retryAfter());
            case FailureReason.OrganizationLimited limited -> tooMany(
                    "This organization has asked for much in the last minute.", limited.retryAfter());
            case FailureReason.KeyNotAccepted key -> notConfigured(failure);
            case FailureReason.OtherMode mode -> notConfigured(failure);
            case FailureReason.NoSuchPath path -> notConfigured(failure);
            case FailureReason.Redirected elsewhere -> notConfigured(failure);
            case FailureReason.Unreachable nobody -> unavailable(failure);
            case FailureReason.Unanswered nothing -> unavailable(failure);
            case FailureReason.Unusable answer -> unavailable(failure);
            case FailureReason.ServerFault fault -> unavailable(failure);
        };
    }

    /// What Conekta says about a field is for who filled it.
    private static WebApplicationException refused(List<FailureReason.Detail> details) {
        return new Problem("provider-refused", 422, "Conekta refused the request",
                "Nothing was done. Correct what errors names, and send it again.")
                .with("provider", "conekta")
                .with("errors", details.stream()
                        .map(detail -> Map.of("field", detail.param(), "message", detail.message())).toList())
                .exception();
    }

    private static WebApplicationException tooMany(String why, Duration retryAfter) {
        return retryAfter(new Problem("too-many-requests", 429, "Too many requests", why
                + " Send the request again after Retry-After."), retryAfter);
    }

    /// Only an operator can mend it.
    private static WebApplicationException notConfigured(ConektaFailure failure) {
        Log.errorf("A request for an organization was answered 503 provider-not-configured: %s", failure.getMessage());
        return new Problem("provider-not-configured", 503, "Conekta is not set up for this",
                "Conekta does not accept this service's key, or its mode or address is another one. The service's log "
                        + "says which; an operator must correct it.")
                .exception();
    }

    private static WebApplicationException unavailable(ConektaFailure failure) {
        Log.warnf("A request for an organization was answered 503 provider-unavailable: %s", failure.getMessage());
        return retryAfter(new Problem("provider-unavailable", 503, "Conekta does not answer as it should",
                "Send the request again after Retry-After, with the same Idempotency-Key: then it is done once."),
                RETRY);
    }

    private static WebApplicationException retryAfter(Problem problem, Duration wait) {
        return new WebApplicationException(problem.title(), problem.responseBuilder()
                .header(HttpHeaders.RETRY_AFTER, Math.max(1, wait.toSeconds())).build());
    }

    private ConektaProblem() {}
}
