package dev.plinto.polar.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.WebhookDialect;
import dev.plinto.polar.ingress.RawEvent.Origin;
import dev.plinto.polar.polar.PolarDialect;
import dev.plinto.polar.polar.PolarEnvelope;
import dev.plinto.polar.polar.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RawEventTest {

    private static final WebhookDialect POLAR = new PolarDialect(Optional.empty());

    private static final byte[] BODY = ("{\"type\":\"" + Snapshot.TYPE + "\",\"data\":{\"id\":\"c\"}}")
            .getBytes(StandardCharsets.UTF_8);

    /// Whatever its body states, and whatever its origin.
    @ParameterizedTest
    @EnumSource
    void deliveredEvent_isNeverMarkedAsASnapshot(Origin origin) {
        RawEvent event = new RawEvent(POLAR, "evt", "1", "v1,x", null, Instant.EPOCH, origin, BODY,
                PolarEnvelope.scan(BODY),
                null, null);

        assertThat(header(event, HeaderNames.CE_TYPE)).isEqualTo("sh.polar." + Snapshot.TYPE);
        assertThat(header(event, HeaderNames.CE_SOURCE)).isEqualTo("https://polar.sh");
        assertThat(header(RawEvent.undelivered(POLAR, "evt", BODY, Instant.EPOCH, origin), HeaderNames.CE_TYPE))
                .isEqualTo("sh.polar." + Snapshot.TYPE);
    }

    @Test
    void replayedSnapshot_isMarkedAsASnapshot() {
        RawEvent event = RawEvent.snapshot(POLAR, "id", BODY, Instant.EPOCH, Origin.REPLAY);

        assertThat(header(event, HeaderNames.CE_TYPE)).isEqualTo(Snapshot.TYPE);
        assertThat(header(event, HeaderNames.CE_SOURCE)).isEqualTo("/plinto/polar");
    }

    private static String header(RawEvent event, String name) {
        return new String(event.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
