package dev.plinto.polar.polar.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.polar.Payload;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Calls [PolarApi] and blocks the calling thread: until the budget of requests allows the call, until Polar answers,
/// and while Polar wants no requests (`Retry-After`). An interrupt ends each of these.
///
/// Redirects are not followed, so that the token goes nowhere else.
final class PolarCalls {

    private static final int ATTEMPTS = 8;

    private final PolarConfig config;
    private final ProviderMetrics metrics;
    private final RequestBudget budget;
    private final TypedGuard<RestResponse<byte[]>> retry;
    private final PolarApi api;

    interface Call {
        Uni<RestResponse<byte[]>> on(PolarApi api);
    }

    PolarCalls(PolarConfig config, ProviderMetrics metrics) {
        this.config = config;
        this.metrics = metrics;
        budget = new RequestBudget(config.api().requestsPerMinute());
        retry = retry();
        long timeout = config.api().timeout().toMillis();
        api = QuarkusRestClientBuilder.newBuilder()
                .baseUri(URI.create(config.baseUrl()))
                .connectTimeout(timeout, TimeUnit.MILLISECONDS)
                .readTimeout(timeout, TimeUnit.MILLISECONDS)
                .followRedirects(false)
                .clientHeadersFactory(new PolarHeaders(config))
                .build(PolarApi.class);
    }

    @SuppressWarnings("serial") // a type literal is never serialized
    private TypedGuard<RestResponse<byte[]>> retry() {
        return TypedGuard.create(new TypeLiteral<RestResponse<byte[]>>() {}).withDescription("Polar's API")
                .withRetry().maxRetries(ATTEMPTS - 1).maxDuration(0, ChronoUnit.MILLIS)
                .whenException(failure -> failure instanceof ErrorResponse error && error.retryAfter().isPresent())
                .withCustomBackoff().strategy(() -> this::backOff).done()
                .done().build();
    }

    /// All requests wait, not only the one that Polar refused.
    private long backOff(Throwable refused) {
        Duration wait = ((ErrorResponse) refused).retryAfter().orElseThrow();
        budget.pause(wait);
        return wait.toMillis();
    }

    /// @throws PolarFailure if Polar does not answer, or answers anything but 2xx with JSON
    Dated<Payload> call(Operation operation, Call call) throws InterruptedException {
        try {
            return answer(operation, send(operation, call));
        } catch (ErrorResponse error) {
            throw PolarFailure.ofStatus(operation, error.status(), config);
        }
    }

    /// For a call with an id; empty if Polar answers that the object does not exist, or that this id cannot be one.
    ///
    /// @param parameter the name of the parameter with the id
    /// @throws PolarFailure as [#call]
    Optional<Dated<Payload>> find(Operation operation, String parameter, String id, Call call)
            throws InterruptedException {
        try {
            return Optional.of(answer(operation, send(operation, call)));
        } catch (ErrorResponse error) {
            if (isNotFound(error, parameter, id)) {
                return Optional.empty();
            }
            throw PolarFailure.ofStatus(operation, error.status(), config);
        }
    }

    /// By the body, since Polar also answers 404 once an API version was removed, and 422 for any other parameter.
    private static boolean isNotFound(ErrorResponse error, String parameter, String id) {
        return switch (error.status()) {
            case 404 -> "ResourceNotFound".equals(error.name());
            case 422 -> error.refuses(parameter, id);
            default -> false;
        };
    }

    private RestResponse<byte[]> send(Operation operation, Call call) throws InterruptedException {
        try {
            return retry.call(() -> {
                budget.take();
                return exchange(operation, call);
            });
        } catch (InterruptedException | RuntimeException expected) {
            throw expected;
        } catch (Exception other) {
            throw new IllegalStateException(other); // the action throws none
        }
    }

    private RestResponse<byte[]> exchange(Operation operation, Call call) throws InterruptedException {
        CompletableFuture<RestResponse<byte[]>> answer = call.on(api).subscribeAsCompletionStage();
        try {
            // The client's own timeout ends with the headers; a body may stall, or come byte by byte.
            RestResponse<byte[]> response = answer.get(2 * config.api().timeout().toMillis(), TimeUnit.MILLISECONDS);
            metrics.answered(operation, response.getStatus());
            return response;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ErrorResponse error) {
                metrics.answered(operation, error.status());
                throw error;
            }
            metrics.unanswered(operation);
            throw noAnswer(operation, failed);
        } catch (TimeoutException late) {
            metrics.unanswered(operation);
            throw noAnswer(operation, late);
        } finally {
            answer.cancel(true); // closes the connection if there is no answer yet
        }
    }

    private RuntimeException noAnswer(Operation operation, Throwable cause) {
        return NoAnswer.because(cause).<RuntimeException>map(why -> PolarFailure.noAnswer(why, operation, config))
                .orElseGet(() -> new IllegalStateException("A request to Polar failed by a fault of this service",
                        cause));
    }

    private Dated<Payload> answer(Operation operation, RestResponse<byte[]> response) {
        if (response.getStatus() / 100 != 2) { // from 300 on it is an ErrorResponse
            throw PolarFailure.unreadable(operation);
        }
        if (response.getHeaders().containsKey("X-Polar-Sandbox") != config.sandbox()) {
            throw PolarFailure.otherEnvironment(config);
        }
        Instant at = HttpDate.parse(response.getHeaderString(HttpHeaders.DATE))
                .orElseThrow(() -> PolarFailure.unreadable(operation));
        return new Dated<>(new Payload("answer", json(operation, response.getEntity())), at);
    }

    private static JsonNode json(Operation operation, byte @Nullable [] body) {
        try {
            return ExactJson.read(body == null ? "" : new String(body, StandardCharsets.UTF_8));
        } catch (IOException notJson) {
            throw PolarFailure.unreadable(operation);
        }
    }
}
