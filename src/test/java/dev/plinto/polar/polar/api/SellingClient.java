package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.rest.PolarServer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;

/// A simulated Polar, its API, and this service's calls of it for one organization.
abstract class SellingClient {

    final SimulatedPolar polar = new SimulatedPolar(InstantSource.system(), new Random(7));
    final PolarServer server = PolarServer.start(polar);
    final PolarCalls calls = ScriptedPolar
            .calls(ScriptedPolar.config(PolarServer.ACCESS_TOKEN, "true", server.apiUrl().toString(), "10s"));
    final String organization = "org-" + UUID.randomUUID();
    final Purpose.ForOrganization caller = new Purpose.ForOrganization(organization);

    @AfterEach
    void stop() {
        server.close();
    }

    static Refusal refusal(ThrowingCallable call) {
        FailureReason reason = catchThrowableOfType(PolarFailure.class, call).reason();
        assertThat(reason).isInstanceOf(FailureReason.Refused.class);
        assertThat(reason.mayBeCarriedOut()).isFalse();
        return ((FailureReason.Refused) reason).refusal();
    }

    /// What is published is the whole object, as of its own time.
    static void assertWhole(Answered<?> answered, String... fields) {
        assertThat(answered.modifiedAt()).hasValueSatisfying(
                at -> assertThat(at).isBetween(Instant.now().minus(Duration.ofDays(1)),
                        Instant.now().plus(Duration.ofMinutes(5))));
        for (String field : List.of(fields)) {
            assertThat(answered.json().has(field)).as(field).isTrue();
        }
    }
}
