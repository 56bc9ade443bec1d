package dev.plinto.polar.sandbox.plinto;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RefreshTokensTest {

    private static final Instant NOW = Instant.parse("2026-11-03T08:00:00Z");
    private static final Grant GRANT = new Grant(new AuthorizationRequest("demo", URI.create("http://127.0.0.1:3000/"),
            List.of("openid"), Optional.empty(), "challenge", false, Optional.empty()),
            new SignedIn(Person.OPERATOR, Memberships.NONE, Optional.empty(), NOW));

    private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    private final RefreshTokens tokens = new RefreshTokens(clock::get);

    @Test
    void token_countsOnce_forTheNext() {
        RefreshTokens.Family second = tokens.redeem(tokens.issue(GRANT), "demo").orElseThrow();
        RefreshTokens.Family third = tokens.redeem(second.token(), "demo").orElseThrow();

        assertThat(third.grant()).isEqualTo(GRANT);
        assertThat(tokens.redeem(third.token(), "demo")).isPresent();
    }

    @Test
    void usedToken_endsItsFamily_andNoOther() {
        String used = tokens.issue(GRANT);
        String other = tokens.issue(GRANT);
        String next = tokens.redeem(used, "demo").orElseThrow().token();

        assertThat(tokens.redeem(used, "demo")).isEmpty();
        assertThat(tokens.redeem(next, "demo")).isEmpty();
        assertThat(tokens.redeem(other, "demo")).isPresent();
    }

    @Test
    void anotherClient_getsNothing_andEndsNothing() {
        String token = tokens.issue(GRANT);

        assertThat(tokens.redeem(token, "other")).isEmpty();
        assertThat(tokens.redeem("made-up", "demo")).isEmpty();
        assertThat(tokens.redeem(token, "demo")).isPresent();
    }

    @Test
    void oldToken_countsNoMore_aNewerOneOfItsFamilyDoes() {
        String renewed = tokens.issue(GRANT);
        String old = tokens.issue(GRANT);

        clock.set(NOW.plusSeconds(60));
        String next = tokens.redeem(renewed, "demo").orElseThrow().token();
        clock.set(NOW.plus(RefreshTokens.LIFETIME));

        assertThat(tokens.redeem(old, "demo")).isEmpty();
        assertThat(tokens.redeem(next, "demo")).isPresent();
    }
}
