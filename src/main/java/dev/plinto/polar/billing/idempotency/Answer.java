package dev.plinto.polar.billing.idempotency;

import dev.plinto.polar.Problem;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Objects;
import java.util.Optional;

/// The answer to a request, as it is stored and given again.
///
/// @param status of HTTP
/// @param body   JSON; of an error, a problem document
/// @param checkoutId that it hands out: whoever asks for that checkout gets it, from then on
public record Answer(int status, String body, Optional<String> checkoutId) {

    private static final int LEAST_ERROR = 400;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int LEAST_FAULT = 500;

    public Answer {
        Objects.requireNonNull(body, "body");
    }

    public Answer(int status, String body) {
        this(status, body, Optional.empty());
    }

    /// Whether a repetition gets it again. One that asks to try again must not be what the next try gets.
    boolean isKept() {
        return status < LEAST_FAULT && status != TOO_MANY_REQUESTS;
    }

    public Response.ResponseBuilder responseBuilder() {
        return Response.status(status).entity(body)
                .type(status < LEAST_ERROR ? MediaType.APPLICATION_JSON : Problem.MEDIA_TYPE);
    }

    /// Without the body, which may have a checkout's secret.
    @Override
    public String toString() {
        return "Answer[" + status + "]";
    }
}
