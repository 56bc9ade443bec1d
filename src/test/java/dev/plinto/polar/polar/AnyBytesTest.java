package dev.plinto.polar.polar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.plinto.polar.Envelope;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.Lifecycle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// Reading any bytes, signed or not, returns what they are and never throws. Both readers agree on what an event is.
class AnyBytesTest {

    private static final EventReader READER = new EventReader(Optional.of("the merchant"));
    /// The largest event of each type in some lives.
    private static final List<byte[]> EVENTS = List.copyOf(IntStream.range(0, 100)
            .mapToObj(life -> Lifecycle.of(IntStream.range(0, 8).mapToObj(n -> life * 8 + n).toList()))
            .flatMap(life -> life.events().stream())
            .collect(Collectors.toMap(WebhookEvent::type, WebhookEvent::body,
                    (one, other) -> one.length < other.length ? other : one, TreeMap::new))
            .values());
    private static final List<String> TOKENS = List.of("{", "}", "[", "]", ",", ":", "\"", "null", "true", "-", "1e999",
            "1E2147483648", "0", "\\", "\\u0000", "\\ud800", " ", "\n", "\u0000", "é", "😀",
            "\"id\":", "\"\"", "{}", "[]",
            "\"data\":", "\"customer_id\":1", "\"metadata\":[]", "1970-01-01T00:00:00Z", "99999-01-01T00:00:00Z");

    /// [AnyDeliveryFuzzTest] adds an input there when it finds a failure.
    @Test
    void keptInputs_areReadWithoutFailing() throws IOException {
        try (Stream<Path> kept = Files.list(Path.of("src/test/resources/dev/plinto/polar/polar",
                "AnyDeliveryFuzzTestInputs", "anyDelivery_isAnswered"))) {
            for (Path file : kept.toList()) {
                assertBothAgree(Files.readAllBytes(file));
            }
        }
    }

    @Property(tries = 3_000, seed = "955257")
    void arbitraryBytes_areReadWithoutFailing(@ForAll byte[] bytes) {
        assertBothAgree(bytes);
    }

    @Property(tries = 3_000, seed = "955257")
    void arbitraryTokens_areReadWithoutFailing(@ForAll("tokens") String text) {
        assertBothAgree(text.getBytes(StandardCharsets.UTF_8));
        assertBothAgree(("{\"type\":\"order.paid\",\"data\":{" + text + "}}").getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 3_000, seed = "955257")
    void eventWithChangedBytes_isReadWithoutFailing(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] body = EVENTS.get(random.nextInt(EVENTS.size())).clone();
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        assertBothAgree(body);
        assertBothAgree(Arrays.copyOf(body, random.nextInt(body.length)));
    }

    @Property(tries = 3_000, seed = "955257")
    void eventWithOtherValues_isReadWithoutFailing(@ForAll long seed) {
        Random random = new Random(seed);
        String body = new String(EVENTS.get(random.nextInt(EVENTS.size())), StandardCharsets.UTF_8);
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
            int at = body.indexOf(':', random.nextInt(body.length()));
            int end = at < 0 ? -1 : body.indexOf(',', at);
            if (end > 0) {
                body = body.substring(0, at + 1) + TOKENS.get(random.nextInt(TOKENS.size())) + body.substring(end);
            }
        }
        assertBothAgree(body.getBytes(StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<String> tokens() {
        return Arbitraries.of(TOKENS).list().ofMaxSize(40).map(tokens -> String.join("", tokens));
    }

    private static void assertBothAgree(byte[] body) {
        assertThatCode(() -> {
            Optional<Envelope> envelope = PolarEnvelope.scan(body);
            Reading reading = READER.read("evt", body);
            if (envelope.isEmpty()) {
                assertThat(reading).isEqualTo(new Reading.NotAnEvent());
            } else if (reading instanceof Reading.UnknownType unknown) {
                assertThat(envelope.get().type()).isEqualTo(unknown.type());
            }
        }).doesNotThrowAnyException();
    }
}
