package dev.plinto.polar.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.DataSubject;
import dev.plinto.polar.ErasureStep;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.ReceivedTopic;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedByConekta;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.SuspendedBroker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// An erasure while deliveries wait for the broker: what was acknowledged is not lost.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class SpooledDataTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TestHTTPResource("/api/v1/polar/webhooks")
    URI endpoint;

    @Inject
    ReceivedData received;

    private final Database database = Database.ofSandbox();

    @Test
    void erasure_waitsUntilTheBrokerHasWhatNamesTheOrganization() throws IOException {
        String organization = "spooled-" + UUID.randomUUID();
        SignedDelivery delivery = SignedDelivery.of(
                "{\"type\":\"wallet.topped_up\",\"data\":{\"organization_id\":\"" + organization + "\"}}");
        SuspendedBroker suspended = new SuspendedBroker();
        try (suspended) {
            assertThat(delivery.send(endpoint).statusCode()).isEqualTo(202);
            assertThat(spooled(delivery)).isOne();

            assertThat(drained(organization)).isEmpty();
            assertThat(drained("another-" + organization)).isPresent();
            assertThat(spooled(delivery)).isOne();
        }

        await().atMost(PATIENCE).until(() -> drained(organization).isPresent());
        assertThat(spooled(delivery)).isZero();
        assertThat(ReceivedTopic.record(delivery.webhookId()).value()).isEqualTo(delivery.body());
    }

    /// Conekta names the organization by fields of its own, and its customers without the prefix of their stored ids.
    @Test
    void erasure_waitsForConektasDeliveries() throws IOException {
        String organization = "spooled-" + UUID.randomUUID();
        String customer = "cus_" + UUID.randomUUID();
        SignedDelivery ofOrganization = SignedByConekta.event(
                "order.paid", "{\"customer_info\":{\"customer_custom_reference\":\"" + organization + "\"}}");
        SignedDelivery ofCustomer = SignedByConekta.event(
                "charge.paid", "{\"id\":\"cha_1\",\"customer_id\":\"" + customer + "\"}");
        SuspendedBroker suspended = new SuspendedBroker();
        try (suspended) {
            for (SignedDelivery delivery : List.of(ofOrganization, ofCustomer)) {
                assertThat(delivery.send(endpoint.resolve("/api/v1/conekta/webhooks")).statusCode()).isEqualTo(202);
            }

            assertThat(drained(organization)).isEmpty();
            assertThat(drained("another-" + organization, "conekta:" + customer)).isEmpty();
            assertThat(drained("another-" + organization, "conekta:another-" + customer)).isPresent();
        }

        await().atMost(PATIENCE).until(() -> drained(organization, "conekta:" + customer).isPresent());
    }

    private Optional<String> drained(String organization, String... customers) {
        ErasureStep step = received.stepsAfter().getFirst();
        try {
            return step.take(new DataSubject(organization, List.of(customers), List.of()));
        } catch (InterruptedException stopping) {
            throw new IllegalStateException(stopping);
        }
    }

    private long spooled(SignedDelivery delivery) {
        return database.number("SELECT count(*) FROM spooled WHERE webhook_id = ?", delivery.webhookId());
    }
}
