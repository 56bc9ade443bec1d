package dev.plinto.polar.polar.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.polar.Payload;
import dev.plinto.polar.polar.PolarJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// Asks Polar's REST API, on a thread that may wait: for the budget of requests, and where Polar says `Retry-After`.
/// Redirects are not followed, so that the token goes nowhere else.
///
/// The JDK's client, since paths must go out exactly as they are: Polar answers a missing slash with a redirect.
final class PolarClient {

    private static final int ATTEMPTS = 8; // of a request that is asked to wait
    private static final Duration UNSAID = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");

    private final PolarConfig config;
    private final ProviderMetrics metrics;
    private final RequestBudget budget;
    private final HttpClient http;

    PolarClient(PolarConfig config, ProviderMetrics metrics) {
        this.config = config;
        this.metrics = metrics;
        budget = new RequestBudget(config.api().requestsPerMinute());
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(config.api().timeout())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /// @throws PolarFailure where there is no such answer
    Dated<Payload> get(Operation operation, String path) throws InterruptedException {
        return answer(operation, send(operation, request(path).GET().build()));
    }

    /// For a path with an id; empty where Polar says that there is none of it, or that it cannot be one.
    Optional<Dated<Payload>> find(Operation operation, String path) throws InterruptedException {
        HttpResponse<byte[]> response = send(operation, request(path).GET().build());
        return hasNone(operation, response) ? Optional.empty() : Optional.of(answer(operation, response));
    }

    /// In Polar's own words, since an API version that was removed is 404 too.
    private static boolean hasNone(Operation operation, HttpResponse<byte[]> response) {
        return switch (response.statusCode()) {
            case 404 -> "ResourceNotFound".equals(json(operation, response).path("error").asText());
            case 422 -> json(operation, response).path("error").asText().endsWith("RequestValidationError");
            default -> false;
        };
    }

    Dated<Payload> patch(Operation operation, String path, String json) throws InterruptedException {
        return answer(operation, send(operation, request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(json))
                .build()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(config.baseUrl() + path))
                .timeout(config.api().timeout())
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + config.accessToken().map(String::strip).orElse(""))
                .header("Polar-Version", config.api().version().toString())
                .header("User-Agent", "plinto-polar");
    }

    private HttpResponse<byte[]> send(Operation operation, HttpRequest request) throws InterruptedException {
        for (int attempt = 1;; attempt++) {
            budget.take();
            HttpResponse<byte[]> response = exchange(operation, request);
            if (!asksToWait(response) || attempt == ATTEMPTS) {
                return response;
            }
            budget.pause(retryAfter(response));
        }
    }

    private static boolean asksToWait(HttpResponse<?> response) {
        return response.statusCode() == 429
                || response.statusCode() == 503 && response.headers().firstValue("Retry-After").isPresent();
    }

    private HttpResponse<byte[]> exchange(Operation operation, HttpRequest request) throws InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, BodyHandlers.ofByteArray());
        try {
            // The request's own time-out ends with the headers, and a body could stop in the middle for ever.
            HttpResponse<byte[]> response = answer.get(2 * config.api().timeout().toMillis(), TimeUnit.MILLISECONDS);
            metrics.answered(operation, response.statusCode());
            return response;
        } catch (ExecutionException | TimeoutException unreachable) {
            answer.cancel(true);
            metrics.unanswered(operation);
            throw PolarFailure.unreachable(config);
        }
    }

    private Dated<Payload> answer(Operation operation, HttpResponse<byte[]> response) {
        if (response.statusCode() / 100 != 2) {
            throw PolarFailure.ofStatus(operation, response.statusCode(), config);
        }
        if (response.headers().firstValue("X-Polar-Sandbox").isPresent() != config.sandbox()) {
            throw PolarFailure.otherEnvironment(config);
        }
        Instant at = response.headers().firstValue("Date").flatMap(PolarClient::date)
                .orElseThrow(() -> PolarFailure.unreadable(operation));
        return new Dated<>(new Payload("answer", json(operation, response)), at);
    }

    private static JsonNode json(Operation operation, HttpResponse<byte[]> response) {
        try {
            return PolarJson.READER.readTree(new String(response.body(), StandardCharsets.UTF_8));
        } catch (JsonProcessingException notJson) {
            throw PolarFailure.unreadable(operation);
        }
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        Duration wait = response.headers().firstValue("Retry-After").flatMap(value -> SECONDS.matcher(value).matches()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(value)))
                : between(response.headers().firstValue("Date").flatMap(PolarClient::date), date(value)))
                .orElse(UNSAID);
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private static Optional<Duration> between(Optional<Instant> from, Optional<Instant> to) {
        return from.flatMap(start -> to.map(end -> Duration.between(start, end)));
    }

    private static Optional<Instant> date(String header) {
        try {
            return Optional.of(ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }
}
