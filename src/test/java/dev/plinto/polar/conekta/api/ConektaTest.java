package dev.plinto.polar.conekta.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinto.polar.conekta.ConektaConfig;
import dev.plinto.polar.sandbox.conekta.ConektaScenarios;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import dev.plinto.polar.sandbox.conekta.rest.ConektaServer;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.testing.SandboxStack;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests to Conekta, and how its answers are read.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ConektaTest {

    private final SimulatedConekta simulation = new SimulatedConekta(InstantSource.system(), new Random(1));
    private final ConektaScenarios.Played sale = new ConektaScenarios(simulation).mexicoPurchase("org-1");
    private final ConektaServer server = ConektaServer.start(simulation);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void objects_areReadAsTheyAre_withTheTimeOfTheAnswer() throws Exception {
        Conekta conekta = conekta(ConektaServer.PRIVATE_KEY, "true");

        assertThat(conekta.order(sale.orderId()).orElseThrow().object())
                .hasToString(simulation.records().order(sale.orderId()).toString());
        assertThat(conekta.customer(sale.customerId()).orElseThrow().object())
                .hasToString(simulation.records().customer(sale.customerId()).toString());
        Answered subscription = conekta.subscription(sale.customerId(), sale.subscriptionId()).orElseThrow();
        assertThat(subscription.object())
                .hasToString(simulation.records().subscription(sale.subscriptionId()).toString());
        assertThat(subscription.at()).isBetween(Instant.now().minusSeconds(30), Instant.now());
        assertThat(server.requests()).containsExactly("GET /orders/" + sale.orderId(),
                "GET /customers/" + sale.customerId(),
                "GET /customers/" + sale.customerId() + "/subscriptions/" + sale.subscriptionId());
        assertThat(count("read_order", "2xx")).isEqualTo(1);
        assertThat(metrics.get("polar.provider").tags("provider", "conekta", "operation", "read_customer").timer()
                .count()).isEqualTo(1);
    }

    @Test
    void objectThatConektaDoesNotHave_isEmpty() throws Exception {
        Conekta conekta = conekta(ConektaServer.PRIVATE_KEY, "true");

        assertThat(conekta.order("ord_none")).isEmpty();
        assertThat(conekta.subscription(sale.customerId(), "sub_none")).isEmpty();
        assertThat(count("read_order", "404")).isEqualTo(1);
    }

    @Test
    void keyThatConektaDoesNotAccept_isNamed_andNotPrinted() {
        ConektaFailure failure = failure(conekta("key_wrong", "true"));

        assertThat(failure.reason()).isEqualTo(new FailureReason.KeyNotAccepted());
        assertThat(failure).hasMessageContaining("CONEKTA_PRIVATE_KEY").hasMessageNotContaining("key_wrong");
    }

    @Test
    void orderOfTheOtherMode_isNamed() {
        assertThat(failure(conekta(ConektaServer.PRIVATE_KEY, "false")))
                .hasMessage("CONEKTA_SANDBOX is false, but the answer is of Conekta's test mode: check "
                        + "CONEKTA_PRIVATE_KEY.");
    }

    @ParameterizedTest
    @CsvSource({"500", "503"})
    void faultOfConektas_mayHaveBeenCarriedOut(int status) {
        server.faults().next("", 1, new ApiFault.Broken(status));

        ConektaFailure failure = failure(conekta(ConektaServer.PRIVATE_KEY, "true"));

        assertThat(failure.reason()).isEqualTo(new FailureReason.ServerFault(status));
        assertThat(failure.reason().mayBeCarriedOut()).isTrue();
        assertThat(count("read_order", "5xx")).isEqualTo(1);
    }

    @Test
    void limit_saysForHowLong_andNothingWasCarriedOut() {
        server.faults().next("", 1, new ApiFault.TooManyRequests(Duration.ofSeconds(7)));

        FailureReason reason = failure(conekta(ConektaServer.PRIVATE_KEY, "true")).reason();

        assertThat(reason).isEqualTo(new FailureReason.RateLimited(Duration.ofSeconds(7)));
        assertThat(reason.mayBeCarriedOut()).isFalse();
    }

    @Test
    void answerThatDoesNotCome_isTimedOut_andOneThatIsCut_isNamed() {
        Conekta conekta = conekta(ConektaServer.PRIVATE_KEY, "true");
        server.faults().next("", 1, new ApiFault.Slow(Duration.ofSeconds(3)));
        assertThat(failure(conekta)).hasMessageContaining("timed out; CONEKTA_API_TIMEOUT is 500 ms");

        server.faults().next("", 1, new ApiFault.CutInTheMiddle());
        FailureReason reason = failure(conekta).reason();
        assertThat(reason).isInstanceOf(FailureReason.Unanswered.class);
        assertThat(reason.mayBeCarriedOut()).isTrue();
        assertThat(count("read_order", "none")).isEqualTo(2);
    }

    @Test
    void serverThatIsAway_isUnreachable_andNothingWasSent() {
        Conekta conekta = conekta(ConektaServer.PRIVATE_KEY, "true");
        server.close();

        ConektaFailure failure = failure(conekta);
        assertThat(failure.reason()).isInstanceOf(FailureReason.Unreachable.class);
        assertThat(failure.reason().mayBeCarriedOut()).isFalse();
        assertThat(failure).hasMessageContaining("cannot be reached at 127.0.0.1 (no connection)");
    }

    @Test
    void refusal_hasConektasCodesAndLogId() throws Exception {
        ConektaCalls calls = calls("key_sandbox", "true");
        ConektaFailure failure = catchThrowableOfType(ConektaFailure.class,
                () -> calls.call(Operation.READ_ORDER, api -> api.readOrder("ord_none")));

        assertThat(failure.reason()).isInstanceOfSatisfying(FailureReason.Refused.class, refused -> {
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.type()).isEqualTo("resource_not_found_error");
            assertThat(refused.details()).extracting(FailureReason.Detail::code)
                    .containsExactly("conekta.errors.resource_not_found.entity");
            assertThat(failure).hasMessageContaining("log id " + refused.logId()).hasMessageContaining(
                    "status 404 resource_not_found_error, conekta.errors.resource_not_found.entity");
        });
    }

    private ConektaFailure failure(Conekta conekta) {
        return catchThrowableOfType(ConektaFailure.class, () -> conekta.order(sale.orderId()));
    }

    private double count(String operation, String status) {
        return metrics.get("polar.provider.requests")
                .tags("provider", "conekta", "operation", operation, "status", status).counter().count();
    }

    private Conekta conekta(String key, String sandbox) {
        return new Conekta(calls(key, sandbox));
    }

    private ConektaCalls calls(String key, String sandbox) {
        return new ConektaCalls(new SmallRyeConfigBuilder()
                .withMapping(ConektaConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValue("conekta.private-key", key)
                .withDefaultValue("conekta.sandbox", sandbox)
                .withDefaultValue("conekta.api.url", server.apiUrl().toString())
                .withDefaultValue("conekta.api.timeout", "500ms")
                .build()
                .getConfigMapping(ConektaConfig.class), new ConektaMetrics(metrics));
    }
}
