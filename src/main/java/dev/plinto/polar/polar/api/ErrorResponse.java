package dev.plinto.polar.polar.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.polar.api.FailureReason.FieldError;
import dev.plinto.polar.provider.ErrorAnswer;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.rest.client.ext.ResponseExceptionMapper;

/// An answer of Polar's with a status from 300 on, and what it means.
final class ErrorResponse extends ErrorAnswer {

    private static final long serialVersionUID = 1L;

    /// What else stands in the body, whoever sent it, is in no log.
    private static final Pattern NAME = Pattern.compile("[A-Za-z_]{1,80}");
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_-]{1,40}");
    /// Of a batch of events, each wrong one has some.
    private static final int MOST_DETAILS = 5_000;

    private ErrorResponse(Response response) {
        super(response);
    }

    /// What it means for a call of our own. Polar names an error whatever the operation; a proxy before it, and Polar
    /// for a path that it does not know, name none.
    FailureReason reason() {
        String name = name();
        FailureReason refused = new FailureReason.Refused(status(), name, fieldErrors());
        return switch (status()) {
            case 401 -> new FailureReason.TokenNotAccepted();
            case 403 ->
                name.isEmpty() || name.equals("insufficient_scope") ? new FailureReason.MissingScope() : refused;
            case 404 -> name.isEmpty() ? new FailureReason.VersionGone() : refused;
            case 429 -> new FailureReason.RateLimited(retryAfter().orElse(DEFAULT_WAIT));
            default -> status() < 400
                    ? new FailureReason.Redirected(status())
                    : status() < 500 ? refused : new FailureReason.ServerFault(status());
        };
    }

    /// Whether Polar says that the object does not exist, or that its id cannot be one. By the body, since Polar also
    /// answers 404 once an API version was removed, and 422 for any other parameter.
    ///
    /// @param parameter the name of the parameter with the id
    boolean isNotFound(String parameter, String id) {
        return switch (status()) {
            case 404 -> "ResourceNotFound".equals(name());
            case 422 -> refuses(parameter, id);
            default -> false;
        };
    }

    /// Whether Polar refused the request unread, since there were too many.
    boolean isRateLimit() {
        return status() == 429;
    }

    /// Polar's name of the error, the field `error`; empty if the body has none or is not JSON, such as a proxy's.
    private String name() {
        String name = json().path("error").asText();
        return NAME.matcher(name).matches() ? name : "";
    }

    private List<FieldError> fieldErrors() {
        return json().path("detail").valueStream().limit(MOST_DETAILS)
                .map(detail -> new FieldError(field(detail.path("loc")), detail.path("msg").asText()))
                .toList();
    }

    private static String field(JsonNode loc) {
        return loc.valueStream().map(JsonNode::asText)
                .map(part -> PART.matcher(part).matches() ? part : "?")
                .collect(Collectors.joining(".")).replaceFirst("^body\\.", "");
    }

    /// Whether the value of this parameter is all that Polar refuses.
    private boolean refuses(String parameter, String value) {
        JsonNode details = json().path("detail");
        return name().endsWith("RequestValidationError") && details.isArray() && !details.isEmpty()
                && details.valueStream().allMatch(detail -> value.equals(detail.path("input").textValue())
                        && detail.path("loc").valueStream().anyMatch(part -> parameter.equals(part.textValue())));
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
