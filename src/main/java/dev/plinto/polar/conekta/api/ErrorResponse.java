package dev.plinto.polar.conekta.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.conekta.api.FailureReason.Detail;
import dev.plinto.polar.provider.ErrorAnswer;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.regex.Pattern;
import org.eclipse.microprofile.rest.client.ext.ResponseExceptionMapper;

/// An answer of Conekta's with a status from 300 on, and what it means. Its body is
/// `{"object": "error", "type", "log_id", "details": [{"code", "param", "message"}]}` (Conekta's OpenAPI:
/// `schemas/errors`).
final class ErrorResponse extends ErrorAnswer {

    private static final long serialVersionUID = 1L;

    private static final String NOT_FOUND = "resource_not_found_error";
    /// What else stands in the body, whoever sent it, is in no log.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.\\[\\]-]{1,120}");
    private static final int MOST_DETAILS = 100;

    private ErrorResponse(Response response) {
        super(response);
    }

    /// What it means for a call of our own. Conekta names a type in each of its errors; a proxy before it names none.
    FailureReason reason() {
        return switch (status()) {
            case 401 -> new FailureReason.KeyNotAccepted();
            case 404 -> type().isEmpty() ? new FailureReason.NoSuchPath() : refused();
            case 429 -> new FailureReason.RateLimited(retryAfter().orElse(DEFAULT_WAIT));
            default -> status() < 400
                    ? new FailureReason.Redirected(status())
                    : status() < 500 ? refused() : new FailureReason.ServerFault(status());
        };
    }

    /// Whether Conekta says that the object does not exist. By the body, since anybody may answer 404.
    boolean isNotFound() {
        return status() == 404 && type().equals(NOT_FOUND);
    }

    private FailureReason refused() {
        return new FailureReason.Refused(status(), type(), name(json().path("log_id")), json().path("details")
                .valueStream().limit(MOST_DETAILS)
                .map(detail -> new Detail(name(detail.path("code")), name(detail.path("param")),
                        detail.path("message").asText()))
                .toList());
    }

    /// Empty if the body has none or is not JSON, such as a proxy's.
    private String type() {
        return name(json().path("type"));
    }

    private static String name(JsonNode text) {
        return NAME.matcher(text.asText()).matches() ? text.asText() : "";
    }

    static final class Mapper implements ResponseExceptionMapper<ErrorResponse> {

        @Override
        public boolean handles(int status, MultivaluedMap<String, Object> headers) {
            return status >= FIRST_STATUS; // and not 0, which is a request without an answer
        }

        @Override
        public ErrorResponse toThrowable(Response response) {
            return new ErrorResponse(response);
        }
    }
}
