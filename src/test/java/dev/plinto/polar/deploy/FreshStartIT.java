package dev.plinto.polar.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.SignedDelivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The first mistakes after a start raise their alerts in a real Prometheus, also those of the time before it looked.
class FreshStartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] BODY = "this is no event".getBytes(StandardCharsets.UTF_8);

    @Test
    void oneWrongSignature_andOneParkedEvent_raiseTheirAlerts() throws Exception {
        Tool.PROMETHEUS.require("the alerts on the first mistakes are not evaluated");
        try (OwnStack stack = OwnStack.start()) {
            var environment = stack.environment();
            environment.put("POLAR_METRICS_PERIOD", "500ms");
            try (PackagedService service = PackagedService.start(environment)) {
                assertThat(deliver(service, "another-secret-than-ours-of-the-endpoint")).isEqualTo(401);
                assertThat(deliver(service, OwnStack.SECRET)).isEqualTo(202);
                try (Prometheus prometheus = Prometheus.start(CompressedRules.write(), List.of(service.baseUrl()))) {
                    await().atMost(PATIENCE).untilAsserted(() -> assertThat(prometheus.firing())
                            .containsKeys("PolarSignaturesRefused", "PolarEventsParked"));
                }
            }
        }
    }

    private static int deliver(PackagedService service, String secret) throws Exception {
        return SignedDelivery.of(UUID.randomUUID().toString(), BODY, Instant.now(),
                secret.getBytes(StandardCharsets.UTF_8)).send(service.webhooks()).statusCode();
    }
}
