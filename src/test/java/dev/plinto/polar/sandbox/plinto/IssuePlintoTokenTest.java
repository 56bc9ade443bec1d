package dev.plinto.polar.sandbox.plinto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssuePlintoTokenTest {

    private static final Instant NOW = Instant.parse("2026-11-03T08:00:00Z");

    @TempDir
    private Path directory;

    @BeforeEach
    void create() {
        StoredKeys.in(directory);
    }

    @Test
    void token_isSignedWithAPublishedKey_andHasTheRequestedClaims() throws Exception {
        IssuePlintoToken issuer = issuer();

        JwtClaims claims = verified(token(issuer, """
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

        JwtClaims claims = verified(token(issuer, ""));

        assertThat(claims.getStringListClaimValue("roles")).containsExactly("owner");
        assertThat(claims.hasClaim("org_id")).isFalse();
        assertThat(claims.hasClaim("scope")).isFalse();
    }

    @Test
    void token_staysValidOverARestart() throws Exception {
        String token = token(issuer(), "{}");

        assertThat(verified(token).getSubject()).isEqualTo("usr_sandbox");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no key", "{}", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"})
    void unreadableKeys_areReplaced(String content) throws Exception {
        String token = token(issuer(), "{}");
        Files.writeString(directory.resolve("plinto-keys.json"), content);

        IssuePlintoToken restarted = issuer();

        assertThatThrownBy(() -> verified(token)).isInstanceOf(InvalidJwtException.class);
        assertThat(verified(token(restarted, "{}")).getSubject()).isEqualTo("usr_sandbox");
    }

    @Test
    void publishedKeys_haveNoPrivatePart() {
        PlintoKeys keys = keys();
        keys.rotate();

        assertThat(keys.published()).hasSize(3).allSatisfy(
                key -> assertThat(key).containsKeys("kty", "kid", "use", "alg", "n", "e")
                        .doesNotContainKeys("d", "p", "q", "dp", "dq", "qi"));
    }

    @Test
    void tokenWithAScope_saysThatItIsAServices() throws Exception {
        IssuePlintoToken issuer = issuer();

        JwtClaims claims = verified(token(issuer, """
                {"scope": "billing:read billing:write"}"""));

        assertThat(claims.getClaimsMap()).containsAllEntriesOf(Map.of("scope", "billing:read billing:write",
                "token_use", "client_credentials", "actor_type", "service_account", "client_id", "svc_sandbox",
                "sub", "svc_sandbox", "roles", List.of("service_account")));
    }

    @Test
    void tokenOfAPerson_saysNothingOfAService() throws Exception {
        assertThat(verified(token(issuer(), "{}")).getClaimsMap())
                .doesNotContainKeys("scope", "token_use", "actor_type", "client_id");
    }

    @Test
    void claims_countMoreThanTheOthers_inAnyForm() throws Exception {
        JwtClaims claims = verified(token(issuer(), """
                {"organization_id": "org-1", "scope": "billing:read", "claims": {
                  "org_role": "admin", "org_roles": {"org-1": "owner", "org-2": "viewer"}, "auth_time": 1762156800,
                  "email_verified": false, "token_use": "other", "roles": "owner", "org_id": ["org-1"],
                  "seats": 1.5, "client_id": null, "type": null, "absent": null}}"""));

        assertThat(claims.getClaimsMap()).containsAllEntriesOf(Map.of(
                "org_role", "admin", "org_roles", Map.of("org-1", "owner", "org-2", "viewer"),
                "auth_time", 1_762_156_800L, "email_verified", false, "token_use", "other", "roles", "owner",
                "org_id", List.of("org-1"), "seats", 1.5, "actor_type", "service_account"))
                .doesNotContainKeys("client_id", "type", "absent");
    }

    @Test
    void claimOfTheLibrary_canBeRemovedToo() throws Exception {
        String token = token(issuer(), """
                {"claims": {"exp": null, "iat": null, "iss": null, "aud": null, "sub": null}}""");

        assertThat(keys().verified(token).orElseThrow().getClaimsMap())
                .containsOnlyKeys("type", "jti", "roles");
    }

    private IssuePlintoToken issuer() {
        return new IssuePlintoToken(new Tokens(keys(), InstantSource.fixed(NOW),
                "https://issuer.example", "audience.example"), new ObjectMapper());
    }

    private PlintoKeys keys() {
        return new PlintoKeys(directory, InstantSource.fixed(NOW));
    }

    private static String token(IssuePlintoToken issuer, String body) {
        return issuer.token(body.getBytes(StandardCharsets.UTF_8)).accessToken();
    }

    private JwtClaims verified(String token) throws InvalidJwtException, JoseException {
        String keys = JsonUtil.toJson(Map.of("keys", keys().published()));
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
