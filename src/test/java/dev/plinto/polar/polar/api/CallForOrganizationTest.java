package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A user waits for the answer: the call fails early, and says when it is possible.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class CallForOrganizationTest {

    private final ScriptedPolar server = new ScriptedPolar();
    private final PolarCalls calls = server.calls("", "false");

    @BeforeEach
    void forget() {
        Database.ofSandbox().execute("DELETE FROM polar_organization_calls");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void organizationThatCallsTooOften_isStoppedBeforePolar_andOthersAreNot() throws Exception {
        for (int i = 0; i < 21; i++) {
            server.answersEmptyPage();
        }
        for (int i = 0; i < 20; i++) {
            call("org-1");
        }

        PolarFailure stopped = failure("org-1");
        call("org-2");

        assertThat(stopped.reason()).isInstanceOfSatisfying(FailureReason.OrganizationLimited.class,
                limited -> assertThat(limited.retryAfter()).isBetween(Duration.ofMillis(1), Duration.ofMinutes(1)));
        assertThat(stopped).hasMessageContaining("for this organization");
        assertThat(server.requests()).hasSize(21);
    }

    @Test
    void retryAfter_isTold_andNotWaitedFor() {
        server.answers(429, Map.of("Retry-After", "70"), "");

        assertThat(failure("org-1").reason()).isEqualTo(new FailureReason.RateLimited(Duration.ofSeconds(70)));
        assertThat(failure("org-2").reason()).isInstanceOfSatisfying(FailureReason.RateLimited.class,
                limited -> assertThat(limited.retryAfter()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(70)));
        assertThat(server.requests()).hasSize(1);
    }

    private PolarFailure failure(String organization) {
        return catchThrowableOfType(PolarFailure.class, () -> call(organization));
    }

    private void call(String organization) throws InterruptedException {
        calls.call(new Purpose.ForOrganization(organization), Operation.LIST_ENDPOINTS,
                api -> api.listEndpoints(1, 1), answer -> answer);
    }
}
