package dev.plinto.polar.conekta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.plinto.polar.Verdict;
import dev.plinto.polar.WebhookDialect.Headers;
import dev.plinto.polar.entitlement.Reading;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Reading any bytes, signed or not, returns what they are and never throws. Both readers agree on what an event is,
/// and no signature is right.
class AnyConektaBytesTest {

    private static final ConektaEvents EVENTS = new ConektaEvents(false, Map.of("gold", "polar-product"));
    private static final ConektaDialect DIALECT = new ConektaDialect(true, Optional.of(SignedByOpenssl.KEY));
    private static final List<String> BODIES = List.of(
            ConektaBodies.event("order.paid", ConektaBodies.ORDER),
            ConektaBodies.event("subscription.canceled", ConektaBodies.SUBSCRIPTION),
            ConektaBodies.event("charge.paid", ConektaBodies.ORDER));
    private static final List<String> TOKENS = List.of("{", "}", "[", "]", ",", ":", "\"", "null", "true", "-", "1e999",
            "1E2147483648", "0", "\\", "\\u0000", "\\ud800", " ", "\n", "\u0000", "é", "😀", "99999999999999999999",
            "\"id\":", "\"\"", "{}", "[]", "\"object\":", "\"customer_id\":1", "\"customer_info\":{}",
            "\"metadata\":{\"organization_id\":1e99}", "1795500000", "253402300800");

    @Property(tries = 3_000, seed = "955257")
    void arbitraryBytes_areReadWithoutFailing(@ForAll byte[] bytes) {
        assertBothAgree(bytes);
    }

    @Property(tries = 3_000, seed = "955257")
    void arbitraryTokens_areReadWithoutFailing(@ForAll("tokens") String text) {
        assertBothAgree(utf8(text));
        for (String type : List.of("order.paid", "subscription.paid")) {
            assertBothAgree(utf8("{\"type\":\"" + type + "\",\"created_at\":1,\"livemode\":true,\"data\":{\"object\":{"
                    + text + "}}}"));
        }
    }

    @Property(tries = 3_000, seed = "955257")
    void eventWithChangedBytes_isReadWithoutFailing(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] body = utf8(BODIES.get(random.nextInt(BODIES.size())));
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        assertBothAgree(body);
        assertBothAgree(Arrays.copyOf(body, random.nextInt(body.length)));
    }

    @Property(tries = 3_000, seed = "955257")
    void eventWithOtherValues_isReadWithoutFailing(@ForAll long seed) {
        Random random = new Random(seed);
        String body = BODIES.get(random.nextInt(BODIES.size()));
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
            int at = body.indexOf(':', random.nextInt(body.length()));
            int end = at < 0 ? -1 : body.indexOf(',', at);
            if (end > 0) {
                body = body.substring(0, at + 1) + TOKENS.get(random.nextInt(TOKENS.size())) + body.substring(end);
            }
        }
        assertBothAgree(utf8(body));
    }

    @Property(tries = 1_000, seed = "955257")
    void arbitraryHeader_isJudgedWithoutFailing(@ForAll List<String> digests, @ForAll byte[] body) {
        Headers headers = name -> digests;

        assertThat(DIALECT.verify(headers, body, Instant.EPOCH)).isNotInstanceOf(Verdict.Valid.class);
    }

    @Provide
    Arbitrary<String> tokens() {
        return Arbitraries.of(TOKENS).list().ofMaxSize(40).map(tokens -> String.join("", tokens));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertBothAgree(byte[] body) {
        assertThatCode(() -> {
            var envelope = DIALECT.envelope(body);
            Reading reading = EVENTS.read("conekta:evt", body);
            if (envelope.isEmpty()) { // the scan reads less, so it accepts more
                assertThat(reading).isEqualTo(new Reading.NotAnEvent());
            } else if (reading instanceof Reading.UnknownType unknown) {
                assertThat(envelope.get().type()).isEqualTo(unknown.type());
            }
        }).doesNotThrowAnyException();
    }
}
