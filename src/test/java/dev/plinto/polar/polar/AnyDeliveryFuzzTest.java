package dev.plinto.polar.polar;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.plinto.polar.Envelope;
import dev.plinto.polar.Verdict;
import dev.plinto.polar.entitlement.Reading;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Fuzzes deliveries, guided by the code they reach: the verification of headers, the scan of the envelope and the
/// reader. None of these throws, both readers agree on what an event is, and no signature is right.
///
/// Not in the suite, where [AnyBytesTest] reads the inputs in `AnyDeliveryFuzzTestInputs`. With the environment
/// variable `JAZZER_FUZZ=1` this searches for ten minutes from there, and adds the inputs that fail.
class AnyDeliveryFuzzTest {

    private static final WebhookSignature SIGNATURE = new WebhookSignature(
            List.of("whsec_c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveDE=", "polar_whs_a-secret-that-nobody-guesses"));
    private static final EventReader READER = new EventReader(Optional.of("the merchant"));
    private static final Instant NOW = Instant.ofEpochSecond(1_764_000_000);

    @FuzzTest(maxDuration = "10m")
    void anyDelivery_isAnswered(byte[] sent) {
        Optional<Envelope> envelope = PolarEnvelope.scan(sent);
        Reading reading = READER.read("evt", sent);
        if (envelope.isEmpty()) { // the scan reads less, so it accepts more
            assertThat(reading).isInstanceOf(Reading.NotAnEvent.class);
        }

        String[] headers = new String(sent, StandardCharsets.ISO_8859_1).split("\n", 3);
        if (headers.length == 3) {
            assertThat(SIGNATURE.verify(headers[0], headers[1], headers[2], sent, NOW))
                    .isNotInstanceOf(Verdict.Valid.class);
        }
    }
}
