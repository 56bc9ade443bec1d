package dev.plinto.polar.sandbox.plinto;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CodesTest {

    private static final Instant NOW = Instant.parse("2026-11-03T08:00:00Z");
    private static final AuthorizationRequest REQUEST = new AuthorizationRequest("demo",
            URI.create("http://127.0.0.1:3000/"), List.of("openid"), Optional.empty(), "challenge", false,
            Optional.empty());
    private static final SignedIn PERSON = new SignedIn(Person.OPERATOR, Memberships.NONE, Optional.empty(), NOW);

    private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    private final Codes codes = new Codes(clock::get);

    @Test
    void code_countsOnce() {
        String code = codes.issue(REQUEST, PERSON);

        assertThat(codes.redeem(code)).contains(new Grant(REQUEST, PERSON));
        assertThat(codes.redeem(code)).isEmpty();
        assertThat(codes.redeem("another")).isEmpty();
    }

    @Test
    void oldCode_countsNoMore() {
        String code = codes.issue(REQUEST, PERSON);
        String inTime = codes.issue(REQUEST, PERSON);

        clock.set(NOW.plus(Codes.LIFETIME).minusMillis(1));
        assertThat(codes.redeem(inTime)).isPresent();
        clock.set(NOW.plus(Codes.LIFETIME));
        assertThat(codes.redeem(code)).isEmpty();
    }
}
