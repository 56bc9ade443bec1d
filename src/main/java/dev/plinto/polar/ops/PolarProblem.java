package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.polar.api.FailureReason.RateLimited;
import dev.plinto.polar.polar.api.PolarFailure;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;

/// The answer to a call that needs Polar while Polar does not answer.
final class PolarProblem {

    private static final Duration USUAL = Duration.ofMinutes(1);

    static WebApplicationException of(PolarFailure failure) {
        Problem problem = new Problem("polar-unavailable", 503, "Polar does not answer",
                String.valueOf(failure.getMessage()));
        Duration wait = failure.reason() instanceof RateLimited(Duration retryAfter) ? retryAfter : USUAL;
        return new WebApplicationException(problem.title(),
                problem.responseBuilder()
                        .header(HttpHeaders.RETRY_AFTER, Math.max(Math.ceilDiv(wait.toMillis(), 1000), 1)).build());
    }

    private PolarProblem() {}
}
