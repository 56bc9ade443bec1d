package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.conekta.ConektaConfig;
import dev.plinto.polar.conekta.api.ConektaFailure;
import dev.plinto.polar.conekta.api.FailureReason;
import dev.plinto.polar.entitlement.Provider;
import io.quarkus.logging.Log;
import jakarta.ws.rs.WebApplicationException;
import java.util.List;
import java.util.Map;

/// A failure of Conekta's API as the answer to whoever asked for something there; as [ProviderProblem] for Polar.
final class ConektaProblem {

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
            case FailureReason.RateLimited limited ->
                ProviderProblem.rateLimited(Provider.CONEKTA, limited.retryAfter());
            case FailureReason.OrganizationLimited limited -> ProviderProblem.organizationLimited(limited.retryAfter());
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
        return ProviderProblem.refused(Provider.CONEKTA, details.stream()
                .map(detail -> Map.of("field", detail.param(), "message", detail.message())).toList());
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
        return ProviderProblem.unavailable(Provider.CONEKTA, failure);
    }

    private ConektaProblem() {}
}
