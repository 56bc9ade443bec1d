package dev.plinto.polar.reconcile.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.polar.api.Polar;
import dev.plinto.polar.polar.api.PolarConfig;
import dev.plinto.polar.reconcile.AgainstPolar;
import dev.plinto.polar.reconcile.Gateway;
import dev.plinto.polar.reconcile.Gateway.Answer;
import dev.plinto.polar.reconcile.PlayedPolar;
import dev.plinto.polar.reconcile.PolarStack;
import dev.plinto.polar.reconcile.ReconcileConfig;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.Health;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Each problem of the endpoint is reported together with what to do.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(PolarStack.class)
class InspectEndpointTest extends AgainstPolar {

    @Inject
    Polar api;

    @Inject
    PolarConfig polarConfig;

    @Inject
    InspectionStore inspections;

    @Inject
    AddressProbe probe;

    @Test
    void endpointThatIsOff_isReported_andReplicasStayReady() throws Exception {
        polar.delivered(() -> polar.buy("org-endpoint"));
        List<WebhookEvent> lost = polar.lost(() -> polar.buy("org-endpoint"));
        polar.polar.exclusively(() -> polar.polar.webhooks().setEnabled(polar.endpoint, false));
        polar.polar.exclusively(() -> polar.polar.webhooks().select(polar.endpoint, List.of("order.paid")));
        polar.polar.exclusively(() -> polar.polar.webhooks().setUrl(polar.endpoint,
                "http://127.0.0.1:" + polar.gateway.port() + "/moved"));
        polar.gateway.answerInstead(path -> path.equals("/moved")
                ? Optional.of(new Answer(301, Map.of("Location", "http://127.0.0.1:1/")))
                : Optional.empty());
        polar.advanceClock(Duration.ofMinutes(5));

        reconcile();

        await().atMost(TIMEOUT).until(() -> metric("polar_endpoint_enabled") == 0);
        assertThat(metric("polar_endpoint_failed_events")).isEqualTo(Math.min(10, lost.size()));
        assertThat(Instant.ofEpochSecond((long) metric("polar_api_version_expiry_timestamp_seconds")))
                .isEqualTo("2027-04-01T00:00:00Z");
        assertThat(metric("polar_reconcile_last_success_timestamp_seconds")).isPositive();
        String what = Health.of(service, "ready").what().get("endpoint");
        assertThat(what).contains("It is off", "benefit_grant.revoked", "redirect 301")
                .doesNotContain(PlayedPolar.SECRET);
        assertThat(Health.of(service, "ready").isUp()).isTrue();
    }

    @Test
    void endpointThatIsOff_isSwitchedOn_ifConfigured() throws Exception {
        polar.polar.exclusively(() -> polar.polar.webhooks().setEnabled(polar.endpoint, false));
        polar.polar.exclusively(() -> polar.buy("org-while-off"));
        polar.advanceClock(Duration.ofMinutes(5));

        var inspection = new InspectEndpoint(api, polarConfig, switchOnConfig(), inspections, probe).inspect();

        assertThat(inspection.switchedOn()).isTrue();
        assertThat(polar.polar.exclusively(() -> polar.polar.webhooks().enabled(polar.endpoint))).isTrue();
        assertThat(inspections.load(Duration.ofDays(1)).result().orElseThrow().findings()).isEmpty();
    }

    @Test
    void switchingTheEndpointOnAgain_startsARun() {
        polar.polar.exclusively(() -> polar.polar.webhooks().setEnabled(polar.endpoint, false));
        reconcile();
        polar.polar.exclusively(() -> polar.buy("org-while-off"));
        polar.polar.exclusively(() -> polar.polar.webhooks().setEnabled(polar.endpoint, true));
        polar.advanceClock(Duration.ofMinutes(5));
        assertThat(liveGrants()).isEmpty();

        assertThatCode(() -> new InspectEndpoint(api, polarConfig, switchOnConfig(), inspections, probe).inspect())
                .doesNotThrowAnyException();

        await().atMost(TIMEOUT).untilAsserted(this::assertSameAsPolar);
    }

    @Test
    void brokenUrl_isReported_unlessItNeverAnswered() throws Exception {
        String address = "http://127.0.0.1:" + polar.gateway.port() + "/delivered-here";
        polar.gateway.answerInstead(path -> path.equals("/delivered-here")
                ? Optional.of(new Answer(503, Map.of()))
                : Optional.empty());
        AddressProbe newProbe = new AddressProbe();
        Gateway closing = new Gateway(0, URI.create(address));
        String closedUrl = "http://127.0.0.1:" + closing.port() + "/";
        closing.answerInstead(path -> Optional.of(new Answer(405, Map.of())));

        assertThat(newProbe.problemWith(address))
                .hasValueSatisfying(what -> assertThat(what).contains("503", "ingress"));
        polar.gateway.answerInstead(path -> Optional.of(new Answer(405, Map.of())));
        assertThat(newProbe.problemWith(address)).isEmpty();
        assertThat(newProbe.problemWith("http://127.0.0.1:1/")).isEmpty();
        assertThat(newProbe.problemWith(closedUrl)).isEmpty();
        closing.close();
        assertThat(newProbe.problemWith(closedUrl))
                .hasValueSatisfying(what -> assertThat(what).contains("answered before and does not now"));
    }

    private static ReconcileConfig switchOnConfig() {
        return new SmallRyeConfigBuilder()
                .withMapping(ReconcileConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValue("polar.reconcile.enable-endpoint", "true")
                .build()
                .getConfigMapping(ReconcileConfig.class);
    }
}
