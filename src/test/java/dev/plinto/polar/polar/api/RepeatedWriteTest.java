package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinto.polar.polar.api.NewCustomer.Owner;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What may have been carried out is not sent again: Polar has no idempotency keys.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class RepeatedWriteTest extends SellingClient {

    private final PolarCustomers customers = new PolarCustomers(calls);
    private final ScriptedPolar scripted = new ScriptedPolar();

    @AfterEach
    void stopScripted() {
        scripted.close();
    }

    @ParameterizedTest
    @MethodSource("lostAnswers")
    void writeWhoseAnswerIsLost_isCarriedOutOnce(ApiFault fault) throws Exception {
        customers.withExternalId(caller, organization); // the connection is kept, and used again
        server.faults().next("", 1, fault);

        PolarFailure failure = catchThrowableOfType(PolarFailure.class, () -> customers.create(caller,
                NewCustomer.team(organization, null, new Owner("jo@example.com", null, "user-1"))));

        assertThat(failure.reason().mayBeCarriedOut()).isTrue();
        assertThat(polar.exclusively(() -> polar.records().customers().count())).isEqualTo(1);
        assertThat(server.requests()).filteredOn(request -> request.startsWith("POST")).hasSize(1);
        assertThat(customers.withExternalId(caller, organization)).as("reading it back").isPresent();
    }

    static Stream<ApiFault> lostAnswers() {
        return Stream.of(new ApiFault.Cut(), new ApiFault.CutInTheMiddle());
    }

    /// A proxy may send it although Polar has done what was asked.
    @Test
    void write_isSentAgainAfter429_butNotAfter503() throws Exception {
        scripted.answers(429, Map.of("Retry-After", "0"), "");
        scripted.answers(200, Map.of(), "{}");
        scripted.answers(503, Map.of("Retry-After", "0"), "");
        Polar upkeep = scripted.polar("", "false");

        upkeep.enable("e");
        PolarFailure failure = catchThrowableOfType(PolarFailure.class, () -> upkeep.enable("e"));

        assertThat(failure.reason()).isEqualTo(new FailureReason.ServerFault(503));
        assertThat(failure.reason().mayBeCarriedOut()).isTrue();
        assertThat(scripted.requests()).hasSize(3);
    }

    @Test
    void answerWithoutABody_isOne() throws Exception {
        scripted.answers(202, Map.of(), "");
        scripted.answers(204, Map.of(), "");
        PolarOrders orders = new PolarOrders(scripted.calls("", "false"));

        orders.generateInvoice(caller, "o");
        orders.generateInvoice(caller, "o");

        assertThat(scripted.requests()).hasSize(2);
    }

    /// Polar carried it out, and whoever asked must read it back.
    @Test
    void answerWithoutWhatIsNeeded_isAFailureThatNamesTheField() {
        scripted.answers(201, Map.of(), "{\"id\":\"c\",\"external_id\":null}");
        PolarCustomers asking = new PolarCustomers(scripted.calls("", "false"));

        PolarFailure failure = catchThrowableOfType(PolarFailure.class, () -> asking.create(caller,
                NewCustomer.individual(organization, "jo@example.com", null, null, null)));

        assertThat(failure.reason()).isInstanceOfSatisfying(FailureReason.UnusableField.class,
                unusable -> assertThat(unusable.path()).isEqualTo("external_id"));
        assertThat(failure.reason().mayBeCarriedOut()).isTrue();
        assertThat(scripted.bodies()).containsExactly("{\"type\":\"individual\",\"external_id\":\"" + organization
                + "\",\"email\":\"jo@example.com\"}");
    }
}
