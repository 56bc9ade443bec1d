package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Metered events, at the simulated Polar and at one whose answers are written here.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class PolarEventsTest extends SellingClient {

    private final PolarEvents events = new PolarEvents(calls);
    private final ScriptedPolar scripted = new ScriptedPolar();
    private final PolarEvents ofScripted = new PolarEvents(scripted.calls("", "false"));
    private final String customer = polar.exclusively(() -> polar.customers().create(organization)).toString();

    @AfterEach
    void stopScripted() {
        scripted.close();
    }

    @Test
    void event_isTakenOnce_withItsNumbersAsTheyAre() throws Exception {
        NewEvent event = event(customer, metadata().put("quantity", new BigDecimal("0.30")).put("model", "ñ"));

        assertTaken(1, 0, events.ingest(List.of(event)));
        assertTaken(0, 2, events.ingest(List.of(event, event)));
        assertTaken(1, 1, events.ingest(List.of(event, event(customer, metadata()))));
        JsonNode held = held().getFirst();
        assertThat(held.path("customer_id").asText()).isEqualTo(customer);
        assertThat(held.path("timestamp").asText()).startsWith(event.timestamp().toString().substring(0, 19));
        assertThat(held.at("/metadata/quantity").decimalValue()).isEqualByComparingTo("0.30");
        assertThat(held.at("/metadata/model").asText()).isEqualTo("ñ");
    }

    /// Polar bills by the external id, so that the same batch may be sent again.
    @Test
    void answerThatIsLost_orAProxyThatIsBusy_isFollowedByTheSameBatch() throws Exception {
        List<NewEvent> batch = List.of(event(customer, metadata()));
        server.faults().next("/events/ingest", 1, new ApiFault.Cut());
        assertThat(catchThrowableOfType(PolarFailure.class, () -> events.ingest(batch)).reason().mayBeCarriedOut())
                .isTrue();
        assertTaken(0, 1, events.ingest(batch));

        scripted.answers(503, Map.of("Retry-After", "0"), "");
        scripted.answers(200, Map.of(), "{\"inserted\":1,\"duplicates\":0}");
        assertTaken(1, 0, ofScripted.ingest(batch));
        assertThat(scripted.bodies()).hasSize(2).allMatch(
                body -> body.contains("\"external_id\":\"" + batch.getFirst().externalId() + "\""));
    }

    @Test
    void everyEventAtFault_isNamed_withWhatIsWrongWithIt() throws Exception {
        ObjectNode tooLong = metadata().put("text", "x".repeat(501));
        List<NewEvent> batch = new ArrayList<>(List.of(event(customer, metadata()),
                event(UUID.randomUUID().toString(), metadata()), event(customer, tooLong),
                new NewEvent(UUID.randomUUID(), "call", customer, Instant.now().plus(Duration.ofHours(1)),
                        metadata())));

        assertThat(events.ingest(batch)).isInstanceOfSatisfying(Ingestion.Refused.class, refused -> {
            assertThat(refused.faults()).containsOnlyKeys(1, 2, 3);
            assertThat(refused.faults().get(1)).isEqualTo(new IngestionFault.UnknownCustomer());
            assertThat(refused.faults().get(2)).isInstanceOfSatisfying(IngestionFault.WrongContent.class,
                    fault -> assertThat(fault.text()).startsWith("metadata.text"));
            assertThat(refused.faults().get(3)).isInstanceOf(IngestionFault.WrongTime.class);
        });
        assertThat(held()).isEmpty();
    }

    /// Polar lists them all: no event is looked for by trial.
    @Test
    void aThousandEventsAtFault_areAllNamed() throws Exception {
        List<NewEvent> batch = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            batch.add(event(UUID.randomUUID().toString(), metadata()));
        }

        assertThat(events.ingest(batch)).isInstanceOfSatisfying(Ingestion.Refused.class,
                refused -> assertThat(refused.faults()).hasSize(1_000));
    }

    /// Polar's own answer names the form of an event that it tried, and says of the other form what it lacks.
    @Test
    void formThatPolarTried_isNotAFieldOfTheEvent() throws Exception {
        scripted.answers(422, Map.of(), """
                {"error":"RequestValidationError","detail":[
                 {"loc":["body","events",0,"EventCreateCustomer","timestamp"],"msg":"Timestamp must be in the past."},
                 {"loc":["body","events",0,"EventCreateExternalCustomer","timestamp"],"msg":"Timestamp must be in the \
                past."},
                 {"loc":["body","events",0,"EventCreateExternalCustomer","external_customer_id"],"msg":"Required"},
                 {"loc":["body","events",1,"EventCreateCustomer","metadata","timestamp","str"],"msg":"%s"}]}
                """.formatted("too\\nlong ".repeat(100)));

        assertThat(ofScripted.ingest(List.of(event("c", metadata()), event("c", metadata()))))
                .isInstanceOfSatisfying(Ingestion.Refused.class, refused -> {
                    assertThat(refused.faults().get(0))
                            .isEqualTo(new IngestionFault.WrongTime("timestamp: Timestamp must be in the past."));
                    assertThat(refused.faults().get(1)).isInstanceOfSatisfying(IngestionFault.WrongContent.class,
                            fault -> assertThat(fault.text()).startsWith("metadata.timestamp.str: too long too")
                                    .hasSize(300));
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{}",
            "no JSON",
            "{\"error\":\"RequestValidationError\",\"detail\":[{\"loc\":[\"body\",\"events\"],\"msg\":\"Too many\"}]}",
            "{\"error\":\"RequestValidationError\",\"detail\":[{\"loc\":[\"body\",\"events\",7],\"msg\":\"None\"}]}"})
    void refusalOfTheBatchAsAWhole_namesNoEvent(String body) throws Exception {
        scripted.answers(422, Map.of(), body);
        scripted.answers(413, Map.of(), body);

        for (int i = 0; i < 2; i++) {
            assertThat(ofScripted.ingest(List.of(event("c", metadata())))).isInstanceOfSatisfying(
                    Ingestion.Refused.class, refused -> {
                        assertThat(refused.faults()).isEmpty();
                        assertThat(refused.why()).isNotBlank();
                    });
        }
    }

    @Test
    void whatIsNotOfTheEvents_isAFailure() {
        scripted.answers(403, Map.of(), "{\"error\":\"insufficient_scope\"}");
        scripted.answers(400, Map.of(), "");

        List<NewEvent> batch = List.of(event("c", metadata()));
        assertThat(catchThrowableOfType(PolarFailure.class, () -> ofScripted.ingest(batch)))
                .hasMessageContaining("events:write");
        assertThat(catchThrowableOfType(PolarFailure.class, () -> ofScripted.ingest(batch)).reason())
                .isInstanceOf(FailureReason.Refused.class);
    }

    private static void assertTaken(int inserted, int duplicates, Ingestion answer) {
        assertThat(answer).isInstanceOfSatisfying(Ingestion.Taken.class,
                taken -> assertThat(List.of(taken.inserted(), taken.duplicates())).containsExactly(inserted,
                        duplicates));
    }

    private static ObjectNode metadata() {
        return JsonNodeFactory.instance.objectNode().put("quantity", 1);
    }

    private static NewEvent event(String customer, ObjectNode metadata) {
        return new NewEvent(UUID.randomUUID(), "call", customer,
                Instant.now().minusSeconds(1).truncatedTo(ChronoUnit.MICROS), metadata);
    }

    private List<JsonNode> held() {
        return polar.exclusively(() -> polar.records().usage().map(listed -> (JsonNode) listed.json().get()).toList());
    }
}
