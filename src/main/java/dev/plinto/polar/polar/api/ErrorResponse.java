package dev.plinto.polar.polar.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.plinto.polar.ExactJson;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.rest.client.ext.ResponseExceptionMapper;

/// An answer with a status from 300 on. Redirects are among them, since they are not followed.
final class ErrorResponse extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");

    private final int status;
    private final transient Optional<Duration> retryAfter;
    private final transient byte[] body;

    private ErrorResponse(int status, Optional<Duration> retryAfter, byte[] body) {
        super("status " + status, null, false, false);
        this.status = status;
        this.retryAfter = retryAfter;
        this.body = body;
    }

    int status() {
        return status;
    }

    /// How long Polar wants no requests; empty if the same request would fail again.
    Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /// Polar's name of the error, the field `error`; empty if the body has none or is not JSON, such as a proxy's.
    String name() {
        return json().path("error").asText();
    }

    /// Whether the value of this parameter is all that Polar refuses.
    boolean refuses(String parameter, String value) {
        JsonNode details = json().path("detail");
        return name().endsWith("RequestValidationError") && details.isArray() && !details.isEmpty()
                && details.valueStream().allMatch(detail -> value.equals(detail.path("input").textValue())
                        && detail.path("loc").valueStream().anyMatch(part -> parameter.equals(part.textValue())));
    }

    private JsonNode json() {
        try {
            return ExactJson.read(new String(body, StandardCharsets.UTF_8));
        } catch (IOException notJson) {
            return MissingNode.getInstance();
        }
    }

    private static ErrorResponse of(Response response) {
        byte[] body = response.hasEntity() ? response.readEntity(byte[].class) : new byte[0];
        return new ErrorResponse(response.getStatus(), retryAfter(response), body);
    }

    private static Optional<Duration> retryAfter(Response response) {
        String header = response.getHeaderString("Retry-After");
        if (response.getStatus() != 429 && (response.getStatus() != 503 || header == null)) {
            return Optional.empty();
        }
        Duration wait = Optional.ofNullable(header).flatMap(value -> SECONDS.matcher(value).matches()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(value)))
                : HttpDate.parse(response.getHeaderString("Date")).flatMap(now -> HttpDate.parse(value)
                        .map(then -> Duration.between(now, then))))
                .orElse(DEFAULT_WAIT);
        return Optional.of(wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }

    static final class Mapper implements ResponseExceptionMapper<ErrorResponse> {

        @Override
        public boolean handles(int status, MultivaluedMap<String, Object> headers) {
            return status >= 300; // and not 0, which is a request without an answer
        }

        @Override
        public ErrorResponse toThrowable(Response response) {
            return of(response);
        }
    }
}
