package dev.plinto.polar.ingress;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.ReceivedTopic;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.SuspendedBroker;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class BrokerAwayTest {

    private static final OpenApi OPENAPI = new OpenApi();
    private static final String BODY = "{\"type\":\"order.paid\",\"data\":{\"id\":\"ord\",\"customer_id\":\"cus\"}}";

    @TestHTTPResource("/api/v1/polar/webhooks")
    URI endpoint;

    @Inject
    MeterRegistry metrics;

    private record Answer(HttpResponse<String> response, Duration after) {}

    @Test
    void brokerThatDoesNotAnswer_isSaidInTime_andIsUsedAgainOnceItDoes() throws Exception {
        assertThat(SignedDelivery.of(BODY).send(endpoint).statusCode()).isEqualTo(202);
        double unavailable = unavailable();
        SignedDelivery repeated = SignedDelivery.of(BODY);

        SuspendedBroker suspended = new SuspendedBroker();
        try (suspended) {
            List<CompletableFuture<Answer>> answers = Stream.concat(
                            Stream.of(repeated), Stream.generate(() -> SignedDelivery.of(BODY)).limit(19))
                    .map(delivery -> CompletableFuture.supplyAsync(() -> send(delivery)))
                    .toList();

            answers.forEach(answer -> {
                assertProblem(answer.join().response(), 503, "not-durable");
                assertThat(OPENAPI.faults("POST /api/v1/polar/webhooks", answer.join().response())).isEmpty();
                assertThat(answer.join().response().headers().firstValue("retry-after")).hasValue("5");
                assertThat(answer.join().after()).isLessThan(Duration.ofSeconds(2));
            });
            assertThat(unavailable()).isEqualTo(unavailable + 20);
        }

        await().atMost(Duration.ofSeconds(20)).until(() -> repeated.send(endpoint).statusCode() == 202);
        assertThat(ReceivedTopic.record(repeated.webhookId()).value()).isEqualTo(repeated.body());
    }

    private Answer send(SignedDelivery delivery) {
        Instant start = Instant.now();
        HttpResponse<String> response = delivery.send(endpoint);
        return new Answer(response, Duration.between(start, Instant.now()));
    }

    private double unavailable() {
        return metrics.counter("polar.webhook.received", "type", "order.paid", "outcome", "unavailable").count();
    }
}
