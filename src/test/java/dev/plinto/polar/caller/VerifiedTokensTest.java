package dev.plinto.polar.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.smallrye.jwt.runtime.auth.JsonWebTokenCredential;
import io.quarkus.smallrye.jwt.runtime.auth.MpJwtValidator;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class VerifiedTokensTest {

    @TestHTTPResource("/")
    URI service;

    @Inject
    IdentityProviderManager authentication;

    @Inject
    MpJwtValidator verifier;

    @Inject
    IssuerKeys keys;

    @Inject
    TokenConfig config;

    private final AtomicReference<Instant> clock = new AtomicReference<>();
    private String token;
    private SecurityIdentity kept;

    @BeforeEach
    void issueToken() {
        issued(Duration.ofHours(1));
    }

    @Test
    void repeatedToken_isNotVerifiedAgain() {
        SecurityIdentity first = authenticate(token);

        assertThat(authenticate(token)).isSameAs(first);
        assertThat(Caller.find(first)).isPresent();
    }

    @Test
    void refusedToken_isNotKept() {
        String changed = token.substring(0, token.length() - 8) + "AAAAAAAA";

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> authenticate(changed)).isInstanceOf(AuthenticationFailedException.class);
        }
    }

    @Test
    void token_isKeptForAMinute() {
        Instant now = Instant.now();
        VerifiedTokens tokens = keeping(issued(Duration.ofHours(1)), now);

        assertAuthenticated(tokens, now.plusSeconds(59)).isSameAs(kept);
        assertAuthenticated(tokens, now.plusSeconds(61)).isNotSameAs(kept);
    }

    @Test
    void token_isNotKeptBeyondItsExpiry() {
        String expiring = issued(Duration.ofSeconds(20));
        Instant now = Instant.now();
        VerifiedTokens tokens = keeping(expiring, now);

        assertAuthenticated(tokens, now.plusSeconds(10)).isSameAs(kept);
        assertAuthenticated(tokens, now.plusSeconds(21)).isNotSameAs(kept);
    }

    private String issued(Duration expiresAfter) {
        token = new PlintoTokens(service).of("org_id", "org", "exp", Instant.now().plus(expiresAfter).getEpochSecond());
        return token;
    }

    private VerifiedTokens keeping(String token, Instant now) {
        clock.set(now);
        VerifiedTokens tokens = new VerifiedTokens(verifier, keys, config, clock::get);
        SecurityIdentity verified = QuarkusSecurityIdentity.builder()
                .setPrincipal(authenticate(token).getPrincipal()).build();
        kept = tokens.augment(verified, null).await().indefinitely();
        return tokens;
    }

    private ObjectAssert<SecurityIdentity> assertAuthenticated(VerifiedTokens tokens, Instant then) {
        clock.set(then);
        return assertThat(tokens.authenticate(request(token), null).await().indefinitely());
    }

    private SecurityIdentity authenticate(String token) {
        return authentication.authenticate(request(token)).await().atMost(Duration.ofSeconds(10));
    }

    private static TokenAuthenticationRequest request(String token) {
        return new TokenAuthenticationRequest(new JsonWebTokenCredential(token));
    }
}
