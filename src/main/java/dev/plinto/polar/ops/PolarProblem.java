package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.polar.api.PolarFailure;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;

/// The answer to a call that needs Polar while Polar does not answer.
final class PolarProblem {

    static WebApplicationException of(PolarFailure failure) {
        Problem problem = new Problem("polar-unavailable", 503, "Polar does not answer",
                String.valueOf(failure.getMessage()));
        return new WebApplicationException(problem.title(),
                problem.responseBuilder().header(HttpHeaders.RETRY_AFTER, 60).build());
    }

    private PolarProblem() {}
}
