package dev.plinto.polar.conekta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Envelope;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.OwnEvent;
import dev.plinto.polar.entitlement.DueRead;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Objects that were read at Conekta, as events.
class ConektaSnapshotTest {

    private static final Instant ANSWERED = Instant.parse("2026-11-03T12:01:00Z");
    private static final Instant MOMENT = Instant.parse("2026-11-03T12:00:00Z");
    private static final ConektaEvents EVENTS = new ConektaEvents(false, Map.of("gold", "polar-product"));

    @Test
    void snapshot_speaksAMinuteBeforeItsAnswer() throws Exception {
        ConektaSnapshot snapshot = snapshot(DueRead.Kind.SUBSCRIPTION, ConektaBodies.SUBSCRIPTION);

        Event event = read(snapshot);
        assertThat(event.cause().eventType()).isEqualTo(OwnEvent.SNAPSHOT);
        assertThat(event.cause().timestamp()).isEqualTo(MOMENT).isEqualTo(snapshot.moment());
        assertThat(event.statements().getFirst().facts().stamped(Subscription.STATUS))
                .satisfies(status -> assertThat(status.value()).isEqualTo("active"),
                        status -> assertThat(status.stamp()).isEqualTo(new Stamp(MOMENT, "conekta:" + snapshot.id())));
    }

    @Test
    void orderThatWasRead_statesWhatItsEventsState() throws Exception {
        Event event = read(snapshot(DueRead.Kind.ORDER, ConektaBodies.ORDER));

        assertThat(event.statements().getFirst()).isInstanceOfSatisfying(Order.class, order -> {
            assertThat(order.id().value()).isEqualTo("conekta:ord_1");
            assertThat(order.facts().get(Order.STATUS)).isEqualTo("paid");
            assertThat(order.facts().get(Order.REFUNDED_AMOUNT)).isEqualTo(100L);
        });
    }

    /// Both in one partition, and in order.
    @Test
    void snapshot_hasTheKeyOfTheObjectsEvents() throws Exception {
        assertThat(envelope(snapshot(DueRead.Kind.ORDER, ConektaBodies.ORDER).body())).map(Envelope::subject)
                .isEqualTo(envelope(ConektaBodies.event("order.paid", ConektaBodies.ORDER)
                        .getBytes(StandardCharsets.UTF_8)).map(Envelope::subject))
                .contains("cus_1");
    }

    @Test
    void id_tellsObjectMomentAndContent() throws Exception {
        String id = snapshot(DueRead.Kind.ORDER, ConektaBodies.ORDER).id();

        assertThat(snapshot(DueRead.Kind.ORDER, ConektaBodies.ORDER).id()).isEqualTo(id).matches(".{14}5.{21}");
        assertThat(snapshot(DueRead.Kind.ORDER, ConektaBodies.with(ConektaBodies.ORDER, "amount", "1")).id())
                .isNotEqualTo(id);
        assertThat(ConektaSnapshot.of(DueRead.Kind.ORDER, ExactJson.read(ConektaBodies.ORDER),
                ANSWERED.plusSeconds(1), false).id()).isNotEqualTo(id);
    }

    @Test
    void deliveryThatSaysItIsASnapshot_isOfAnUnknownType() throws Exception {
        byte[] body = snapshot(DueRead.Kind.ORDER, ConektaBodies.ORDER).body();

        assertThat(EVENTS.read("conekta:e1", body)).isEqualTo(new Reading.UnknownType(OwnEvent.SNAPSHOT));
        assertThat(EVENTS.readOwn("dev.plinto.polar.newer.v1", "conekta:e1", body))
                .isEqualTo(new Reading.UnknownType("dev.plinto.polar.newer.v1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            customer | UnknownType[type=dev.plinto.polar.snapshot.v1:customer]
            A Kind   | Malformed[type=dev.plinto.polar.snapshot.v1, detail=event.kind is not the name of a kind]
            """)
    void kindOfANewerRelease_isKept_andNoNameIsParked(String kind, String reading) throws Exception {
        String body = new String(snapshot(DueRead.Kind.ORDER, ConektaBodies.ORDER).body(), StandardCharsets.UTF_8)
                .replace("\"kind\":\"order\"", "\"kind\":\"" + kind + "\"");

        assertThat(EVENTS.readOwn(OwnEvent.SNAPSHOT, "conekta:e1", body.getBytes(StandardCharsets.UTF_8)))
                .hasToString(reading);
    }

    private static ConektaSnapshot snapshot(DueRead.Kind kind, String object) throws Exception {
        return ConektaSnapshot.of(kind, ExactJson.read(object), ANSWERED, false);
    }

    private static Event read(ConektaSnapshot snapshot) {
        return assertThat(EVENTS.readOwn(OwnEvent.SNAPSHOT, "conekta:" + snapshot.id(), snapshot.body()))
                .asInstanceOf(InstanceOfAssertFactories.type(Reading.Understood.class)).actual().event();
    }

    private static Optional<Envelope> envelope(byte[] body) {
        return ConektaEnvelope.scan(body).map(ConektaEnvelope::envelope);
    }
}
