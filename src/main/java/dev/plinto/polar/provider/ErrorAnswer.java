package dev.plinto.polar.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.plinto.polar.ExactJson;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// An answer with a status from 300 on. Redirects are among them, since they are not followed.
public abstract class ErrorAnswer extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// From this status on an answer is one.
    public static final int FIRST_STATUS = 300;

    /// Where a provider wants fewer requests, and does not say for how long.
    public static final Duration DEFAULT_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Pattern SECONDS = Pattern.compile("\\d+");
    private static final int DAYS = 6; // digits, from which on the number is not read

    private final int status;
    private final transient Optional<Duration> retryAfter;
    private final transient byte[] body;

    protected ErrorAnswer(Response response) {
        super("status " + response.getStatus(), null, false, false);
        status = response.getStatus();
        retryAfter = retryAfter(response);
        body = response.hasEntity() ? response.readEntity(byte[].class) : new byte[0];
    }

    public final int status() {
        return status;
    }

    /// How long the provider wants no requests; empty if the same request would fail again.
    public final Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /// The body; missing if it is not JSON, such as a proxy's.
    protected final JsonNode json() {
        try {
            return ExactJson.read(new String(body, StandardCharsets.UTF_8));
        } catch (IOException notJson) {
            return MissingNode.getInstance();
        }
    }

    private static Optional<Duration> retryAfter(Response response) {
        String header = response.getHeaderString("Retry-After");
        if (response.getStatus() != 429 && (response.getStatus() != 503 || header == null)) {
            return Optional.empty();
        }
        Duration wait = Optional.ofNullable(header).flatMap(value -> SECONDS.matcher(value).matches()
                ? Optional.of(value.length() >= DAYS ? LONGEST_WAIT : Duration.ofSeconds(Long.parseLong(value)))
                : HttpDate.ofAnswer(response.getHeaderString("Date")).flatMap(now -> HttpDate.parse(value)
                        .map(then -> Duration.between(now, then))))
                .orElse(DEFAULT_WAIT);
        return Optional.of(wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }
}
