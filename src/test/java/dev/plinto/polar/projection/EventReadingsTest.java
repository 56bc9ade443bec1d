package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Topics;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.telemetry.Tracing;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/// Whose an event is, its topic tells first, and the id under which it is stored from then on.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class EventReadingsTest {

    private static final byte[] OF_CONEKTA = """
            {"id":"e1","object":"event","type":"subscription.paused","created_at":1795500000,"livemode":false,
             "data":{"object":{"id":"sub_1","customer_id":"cus_1","status":"paused"}}}
            """.getBytes(StandardCharsets.UTF_8);

    @Inject
    EventReadings readings;

    @Inject
    Tracing tracing;

    @Test
    void eventOfConektas_isStoredUnderAnIdOfItsOwn_andRead() {
        ConsumerRecord<String, byte[]> sent = new ConsumerRecord<>(Topics.CONEKTA_RECEIVED, 0, 0, "cus_1", OF_CONEKTA);
        sent.headers().add("ce_id", "e1".getBytes(StandardCharsets.UTF_8));

        ReceivedEvent received = ReceivedEvent.of(sent, readings, tracing);

        assertThat(received.webhookId()).isEqualTo("conekta:e1");
        assertThat(received.subject()).isEqualTo("conekta:cus_1");
        assertThat(received.reading()).isInstanceOf(Reading.Understood.class);
    }

    @Test
    void eventOfConektasOtherEnvironment_isRefused() {
        byte[] test = new String(OF_CONEKTA, StandardCharsets.UTF_8).replace("false", "true")
                .getBytes(StandardCharsets.UTF_8);

        assertThat(readings.read("conekta:e1", test)).isInstanceOf(Reading.OtherMerchant.class);
    }

    @Test
    void eventOfPolars_isReadAsEver() {
        assertThat(readings.storedId(Topics.RECEIVED, "e1")).isEqualTo("e1");
        assertThat(readings.read("e1", OF_CONEKTA)).as("as Polar's, its data has no such object")
                .isInstanceOf(Reading.Malformed.class);
    }
}
