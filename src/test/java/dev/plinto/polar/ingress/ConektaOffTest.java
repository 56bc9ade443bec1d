package dev.plinto.polar.ingress;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedByConekta;
import dev.plinto.polar.testing.SignedDelivery;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A service without Conekta's private key.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(ConektaOffTest.WithoutKey.class)
class ConektaOffTest {

    @TestHTTPResource("/api/v1/conekta/webhooks")
    URI endpoint;

    static Stream<SignedDelivery> deliveries() {
        SignedDelivery right = SignedByConekta.event("order.paid", "{}");
        return Stream.of(right, right.without("digest"), SignedByConekta.of("none", "x".repeat(1024 * 1024 + 1)));
    }

    @ParameterizedTest
    @MethodSource("deliveries")
    void delivery_isRefused_whateverItIs(SignedDelivery delivery) {
        HttpResponse<String> answer = delivery.send(endpoint);

        assertProblem(answer, 404, "provider-off");
        assertThat(answer.body()).contains("CONEKTA_PRIVATE_KEY");
        assertThat(new OpenApi().faults("POST /api/v1/conekta/webhooks", answer)).isEmpty();
    }

    @Test
    void polarsDelivery_isAccepted() {
        assertThat(SignedDelivery.of("{\"type\":\"a\"}").send(endpoint.resolve("/api/v1/polar/webhooks")).statusCode())
                .isEqualTo(202);
    }

    /// The order of the resources makes it override the sandbox's settings.
    public static final class WithoutKey implements QuarkusTestProfile {

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(Settings.class));
        }
    }

    public static final class Settings implements QuarkusTestResourceLifecycleManager {

        @Override
        public Map<String, String> start() {
            return Map.of("conekta.private-key", "");
        }

        @Override
        public int order() {
            return 1;
        }

        @Override
        public void stop() {
            // There is nothing to stop.
        }
    }
}
