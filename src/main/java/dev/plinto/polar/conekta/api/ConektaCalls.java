package dev.plinto.polar.conekta.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.conekta.ConektaConfig;
import dev.plinto.polar.provider.Exchange;
import dev.plinto.polar.provider.HttpDate;
import dev.plinto.polar.provider.NoAnswer;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Calls [ConektaApi] and blocks the calling thread until Conekta answers; an interrupt ends that. Nothing is sent
/// twice: who called decides by [FailureReason#mayBeCarriedOut] whether the same may be sent again.
///
/// Redirects are not followed, so that the key goes nowhere else.
@ApplicationScoped
class ConektaCalls {

    private final ConektaConfig config;
    private final Exchange exchange;
    private final ConektaApi api;

    interface Call {
        Uni<RestResponse<byte[]>> on(ConektaApi api);
    }

    ConektaCalls(ConektaConfig config, ConektaMetrics metrics) {
        this.config = config;
        exchange = new Exchange(metrics.registered(), config.connectTimeout().plus(config.api().timeout()));
        api = QuarkusRestClientBuilder.newBuilder()
                .baseUri(URI.create(config.baseUrl()))
                .connectTimeout(config.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .readTimeout(config.api().timeout().toMillis(), TimeUnit.MILLISECONDS)
                .followRedirects(false)
                .clientHeadersFactory(new ConektaHeaders(config))
                .build(ConektaApi.class);
    }

    /// @throws ConektaFailure if Conekta does not answer, or answers anything but 2xx with an object of its own
    Answered call(Operation operation, Call call) throws InterruptedException {
        try {
            return answer(operation, send(operation, call));
        } catch (ErrorResponse error) {
            throw failure(error.reason(), operation);
        }
    }

    /// For a call that reads the object with this id; empty if Conekta answers that there is none.
    ///
    /// @throws ConektaFailure as [#call], also for another object
    Optional<Answered> find(Operation operation, String id, Call call) throws InterruptedException {
        Optional<Answered> answer = find(operation, call);
        if (answer.isPresent() && !id.equals(answer.get().object().path("id").textValue())) {
            throw failure(new FailureReason.Unusable("the object that was asked for"), operation);
        }
        return answer;
    }

    /// As [#call]; empty if Conekta answers that there is no such object.
    Optional<Answered> find(Operation operation, Call call) throws InterruptedException {
        try {
            return Optional.of(answer(operation, send(operation, call)));
        } catch (ErrorResponse error) {
            if (error.isNotFound()) {
                return Optional.empty();
            }
            throw failure(error.reason(), operation);
        }
    }

    private RestResponse<byte[]> send(Operation operation, Call call) throws InterruptedException {
        try {
            return exchange.await(operation.wireName(), call.on(api));
        } catch (NoAnswer.Failure none) {
            throw failure(FailureReason.of(none.why()), operation);
        }
    }

    private Answered answer(Operation operation, RestResponse<byte[]> response) {
        if (response.getStatus() / 100 != 2) { // from 300 on it is an ErrorResponse
            throw failure(new FailureReason.Unusable("an answer with a status of success"), operation);
        }
        Instant at = HttpDate.ofAnswer(response.getHeaderString(HttpHeaders.DATE))
                .orElseThrow(() -> failure(new FailureReason.Unusable("dated"), operation));
        JsonNode object = object(operation, response.getEntity());
        JsonNode live = object.path("livemode"); // a subscription has none
        if (live.isBoolean() && live.booleanValue() == config.sandbox()) {
            throw failure(new FailureReason.OtherMode(), operation);
        }
        return new Answered(object, at);
    }

    private JsonNode object(Operation operation, byte @Nullable [] body) {
        try {
            JsonNode json = ExactJson.read(body == null ? "" : new String(body, StandardCharsets.UTF_8));
            if (json.isObject()) {
                return json;
            }
        } catch (IOException notJson) {
            // said below
        }
        throw failure(new FailureReason.Unusable("an object in JSON"), operation);
    }

    ConektaFailure failure(FailureReason reason, Operation operation) {
        return new ConektaFailure(reason, operation, config);
    }
}
