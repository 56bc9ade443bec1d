package dev.plinto.polar.polar.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.polar.Payload;
import dev.plinto.polar.polar.api.OrganizationCalls.Count;
import dev.plinto.polar.provider.Exchange;
import dev.plinto.polar.provider.HttpDate;
import dev.plinto.polar.provider.NoAnswer;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Calls [PolarApi] and blocks the calling thread: until the budget of requests allows the call, until Polar answers,
/// and while Polar wants no requests (`Retry-After`). An interrupt ends each of these. Only calls that can wait are
/// sent again after `Retry-After`; the others fail. A call that changes something is sent again only after a 429: with
/// every other failure Polar may have carried it out.
///
/// Redirects are not followed, so that the token goes nowhere else.
@ApplicationScoped
class PolarCalls {

    private static final int ATTEMPTS = 8;
    private static final String ANSWER = "answer";

    private final PolarConfig config;
    private final Exchange exchange;
    private final RequestBudget budget;
    private final OrganizationCalls organizations;
    private final TypedGuard<RestResponse<byte[]>> retryOfReads;
    private final TypedGuard<RestResponse<byte[]>> retryOfWrites;
    private final PolarApi api;

    interface Call {
        Uni<RestResponse<byte[]>> on(PolarApi api);
    }

    /// Reads what it needs of an answer; anything else may be in it too.
    interface Reading<T> {

        /// @throws Payload.Unreadable names the field that is missing, or is not as documented
        T of(Payload answer);
    }

    PolarCalls(PolarConfig config, PolarMetrics metrics, RequestBudget budget, OrganizationCalls organizations) {
        this.config = config;
        this.exchange = new Exchange(metrics.registered(), config.connectTimeout().plus(config.api().timeout()));
        this.budget = budget;
        this.organizations = organizations;
        retryOfReads = retry(error -> error.retryAfter().isPresent());
        retryOfWrites = retry(ErrorResponse::isRateLimit);
        api = QuarkusRestClientBuilder.newBuilder()
                .baseUri(URI.create(config.baseUrl()))
                .connectTimeout(config.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .readTimeout(config.api().timeout().toMillis(), TimeUnit.MILLISECONDS)
                .followRedirects(false)
                .clientHeadersFactory(new PolarHeaders(config))
                .build(PolarApi.class);
    }

    @SuppressWarnings("serial") // a type literal is never serialized
    private static TypedGuard<RestResponse<byte[]>> retry(Predicate<ErrorResponse> accepted) {
        return TypedGuard.create(new TypeLiteral<RestResponse<byte[]>>() {}).withDescription("Polar's API")
                .withRetry().maxRetries(ATTEMPTS - 1).maxDuration(0, ChronoUnit.MILLIS)
                .whenException(failure -> failure instanceof ErrorResponse error && accepted.test(error))
                .withCustomBackoff()
                .strategy(() -> refused -> ((ErrorResponse) refused).retryAfter().orElseThrow().toMillis()).done()
                .done().build();
    }

    /// @throws PolarFailure if Polar does not answer, or answers anything but 2xx with JSON that can be read
    <T> Dated<T> call(Purpose purpose, Operation operation, Call call, Reading<T> reading)
            throws InterruptedException {
        try {
            return answer(operation, send(purpose, operation, call), reading);
        } catch (ErrorResponse error) {
            throw failure(error.reason(), operation);
        }
    }

    /// For a call with an id; empty if Polar answers that the object does not exist, or that this id cannot be one.
    ///
    /// @param parameter the name of the parameter with the id
    /// @throws PolarFailure as [#call]
    <T> Optional<Dated<T>> find(Purpose purpose, Operation operation, String parameter, String id, Call call,
            Reading<T> reading) throws InterruptedException {
        try {
            return Optional.of(answer(operation, send(purpose, operation, call), reading));
        } catch (ErrorResponse error) {
            if (error.isNotFound(parameter, id)) {
                return Optional.empty();
            }
            throw failure(error.reason(), operation);
        }
    }

    private RestResponse<byte[]> send(Purpose purpose, Operation operation, Call call) throws InterruptedException {
        return switch (purpose) {
            case Purpose.Upkeep upkeep -> sendUntilAccepted(purpose, operation, call);
            case Purpose.ForOrganization organization -> switch (organizations.count(organization)) {
                case Count.Counted(Optional<Duration> asked) ->
                    sendOnce(budget.take(purpose, asked), operation, call);
                case Count.Exceeded(Duration wait) ->
                    throw failure(new FailureReason.OrganizationLimited(wait), operation);
            };
        };
    }

    private RestResponse<byte[]> sendUntilAccepted(Purpose purpose, Operation operation, Call call)
            throws InterruptedException {
        try {
            return (operation.writes() ? retryOfWrites : retryOfReads)
                    .call(() -> sendOnce(budget.take(purpose), operation, call));
        } catch (InterruptedException | RuntimeException expected) {
            throw expected;
        } catch (Exception other) {
            throw new IllegalStateException(other); // the action throws none
        }
    }

    /// @param wait for how long no request may leave; empty if this one may
    private RestResponse<byte[]> sendOnce(Optional<Duration> wait, Operation operation, Call call)
            throws InterruptedException {
        if (wait.isPresent()) {
            throw failure(new FailureReason.RateLimited(wait.get()), operation);
        }
        try {
            return exchange(operation, call);
        } catch (ErrorResponse error) {
            if (error.retryAfter().isPresent()) {
                budget.pause(error.retryAfter().get()); // for all requests, not only the one that Polar refused
            }
            throw error;
        }
    }

    private RestResponse<byte[]> exchange(Operation operation, Call call) throws InterruptedException {
        try {
            return exchange.await(operation.wireName(), call.on(api));
        } catch (NoAnswer.Failure none) {
            throw failure(FailureReason.of(none.why()), operation);
        }
    }

    private <T> Dated<T> answer(Operation operation, RestResponse<byte[]> response, Reading<T> reading) {
        if (response.getStatus() / 100 != 2) { // from 300 on it is an ErrorResponse
            throw failure(new FailureReason.Unreadable(), operation);
        }
        if (response.getHeaders().containsKey("X-Polar-Sandbox") != config.sandbox()) {
            throw failure(new FailureReason.OtherEnvironment(), operation);
        }
        Instant at = HttpDate.ofAnswer(response.getHeaderString(HttpHeaders.DATE))
                .orElseThrow(() -> failure(new FailureReason.Unreadable(), operation));
        Payload answer = new Payload(ANSWER, json(operation, response.getEntity()));
        try {
            return new Dated<>(reading.of(answer), at);
        } catch (Payload.Unreadable field) {
            throw failure(new FailureReason.UnusableField(field.path().replaceFirst("^" + ANSWER + "\\.", ""),
                    field.expected()), operation);
        }
    }

    private JsonNode json(Operation operation, byte @Nullable [] body) {
        try {
            return ExactJson.read(body == null ? "" : new String(body, StandardCharsets.UTF_8));
        } catch (IOException notJson) {
            throw failure(new FailureReason.Unreadable(), operation);
        }
    }

    private PolarFailure failure(FailureReason reason, Operation operation) {
        return new PolarFailure(reason, operation, config);
    }
}
