package dev.plinto.polar.sandbox.plinto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.WebApplicationException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IssuePlintoTokenTest {

    private static final Instant NOW = Instant.parse("2026-11-03T08:00:00Z");

    @TempDir
    private Path directory;

    @Test
    void token_isSignedWithAPublishedKey_andHasTheRequestedClaims() throws Exception {
        IssuePlintoToken issuer = issuer();

        JwtClaims claims = verified(issuer, token(issuer, """
                {"organization_id": "org-1", "user_id": "usr-1", "roles": ["viewer"], "scope": "billing:read"}"""));

        assertThat(claims.getSubject()).isEqualTo("usr-1");
        assertThat(claims.getStringClaimValue("type")).isEqualTo("access");
        assertThat(claims.getStringClaimValue("org_id")).isEqualTo("org-1");
        assertThat(claims.getStringListClaimValue("roles")).containsExactly("viewer");
        assertThat(claims.getStringClaimValue("scope")).isEqualTo("billing:read");
        assertThat(claims.getExpirationTime().getValue()).isEqualTo(NOW.getEpochSecond() + 3_600);
        assertThat(claims.getJwtId()).isNotBlank();
    }

    @Test
    void emptyRequest_yieldsAnOwnerWithoutOrganization() throws Exception {
        IssuePlintoToken issuer = issuer();

        JwtClaims claims = verified(issuer, token(issuer, ""));

        assertThat(claims.getStringListClaimValue("roles")).containsExactly("owner");
        assertThat(claims.hasClaim("org_id")).isFalse();
        assertThat(claims.hasClaim("scope")).isFalse();
    }

    @Test
    void token_staysValidOverARestart() throws Exception {
        String token = token(issuer(), "{}");

        assertThat(verified(issuer(), token).getSubject()).isEqualTo("usr_sandbox");
    }

    @Test
    void unreadableKey_isReplaced() throws Exception {
        String token = token(issuer(), "{}");
        Files.writeString(directory.resolve("plinto-key.json"), "no key");

        IssuePlintoToken restarted = issuer();

        assertThatThrownBy(() -> verified(restarted, token)).isInstanceOf(InvalidJwtException.class);
        assertThat(verified(restarted, token(restarted, "{}")).getSubject()).isEqualTo("usr_sandbox");
    }

    @Test
    void publishedKeys_haveNoPrivatePart() throws Exception {
        assertThat(new ObjectMapper().valueToTree(issuer().keys()).at("/keys/0").properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("kty", "kid", "use", "alg", "n", "e");
    }

    @Test
    void bodyOtherThanAJsonObject_isRefused() {
        assertThatThrownBy(() -> token(issuer(), "[1")).isInstanceOf(WebApplicationException.class);
    }

    private IssuePlintoToken issuer() {
        return new IssuePlintoToken(
                new PlintoKey(directory), InstantSource.fixed(NOW), new ObjectMapper(), "https://issuer.example",
                "audience.example");
    }

    private static String token(IssuePlintoToken issuer, String body) {
        return issuer.token(body.getBytes(StandardCharsets.UTF_8)).accessToken();
    }

    private static JwtClaims verified(IssuePlintoToken issuer, String token)
            throws InvalidJwtException, JoseException {
        String keys = new ObjectMapper().valueToTree(issuer.keys()).toString();
        return new JwtConsumerBuilder()
                .setVerificationKeyResolver(
                        new JwksVerificationKeyResolver(new JsonWebKeySet(keys).getJsonWebKeys()))
                .setExpectedIssuer("https://issuer.example")
                .setExpectedAudience("audience.example")
                .setRequireExpirationTime()
                .setEvaluationTime(NumericDate.fromSeconds(NOW.getEpochSecond()))
                .build()
                .processToClaims(token);
    }
}
