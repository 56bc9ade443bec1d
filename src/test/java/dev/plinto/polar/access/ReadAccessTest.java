package dev.plinto.polar.access;

import static dev.plinto.polar.testing.ProblemDocument.PRIVATE;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.ReceivedTopic;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ReadAccessTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final String ORG = "org-" + PRIVATE;

    @TestHTTPResource("/")
    URI service;

    private PlintoTokens tokens;

    @BeforeEach
    void useTheSandboxsKey() {
        tokens = new PlintoTokens(service);
    }

    @Test
    void missingToken_isUnauthorized() {
        HttpResponse<String> answer = get("entitlements", ORG, null);

        assertProblem(answer, 401, "token-not-accepted");
        assertThat(answer.headers().firstValue("www-authenticate")).hasValue("Bearer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "Bearer x", "Bearer a.b.c", "Bearer eyJhbGciOiJSUzI1NiJ9.e30.AAAA", "Bearer ..",
            "Basic dXNyOnB3ZA==", "bearer", "Token x"})
    void malformedHeader_isUnauthorized(String authorization) {
        assertProblem(get("entitlements", ORG, authorization), 401, "token-not-accepted");
    }

    @Test
    void wrongIssuerAudienceOrTime_isUnauthorized() {
        long now = Instant.now().getEpochSecond();
        Stream.of(
                tokens.of("org_id", ORG, "exp", now - 3_600, "iat", now - 7_200),
                tokens.of("org_id", ORG, "nbf", now + 3_600),
                tokens.of("org_id", ORG, "exp", null),
                tokens.of("org_id", ORG, "iss", "https://evil.example"),
                tokens.of("org_id", ORG, "iss", null),
                tokens.of("org_id", ORG, "aud", "another.dev"),
                tokens.of("org_id", ORG, "aud", null))
                .forEach(this::assertUnauthorized);
    }

    @Test
    void otherTokenType_isUnauthorized() {
        Stream.of("refresh", "id", "ACCESS", "", null, 1, List.of("access", "x"))
                .forEach(type -> assertUnauthorized(tokens.of("org_id", ORG, "type", type)));
    }

    @Test
    void unsignedToken_isUnauthorized() {
        assertUnauthorized(tokens.unsigned("org_id", ORG));
        assertUnauthorized(tokens.of("org_id", ORG).replaceFirst("[^.]*$", ""));
        assertUnauthorized(tokens.of("org_id", ORG).replaceFirst("\\.[^.]*$", ""));
    }

    /// Algorithm confusion: the public key used as a shared secret.
    @Test
    void publicKeyUsedAsSecret_isUnauthorized() {
        tokens.publicKeyAsSecrets().forEach(secret -> assertUnauthorized(tokens.symmetric(secret, "org_id", ORG)));
    }

    @Test
    void changedClaim_isUnauthorized() {
        String[] parts = tokens.of("org_id", "org-other").split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        String changed = Base64.getUrlEncoder().withoutPadding()
                .encodeToString(claims.replace("org-other", ORG).getBytes(StandardCharsets.UTF_8));

        assertUnauthorized(parts[0] + "." + changed + "." + parts[2]);
    }

    @Test
    void keyInTheTokensHeader_isNotUsed() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048); // the default, 3072, takes seconds
        KeyPair own = generator.generateKeyPair();
        RSAPublicKey key = (RSAPublicKey) own.getPublic();
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        Map<String, Object> jwk = Map.of("kty", "RSA", "kid", "own", "n", base64.encodeToString(
                key.getModulus().toByteArray()), "e", base64.encodeToString(key.getPublicExponent().toByteArray()));

        Stream.of(
                Map.<String, Object>of("alg", "RS256", "kid", "own", "jwk", jwk),
                Map.<String, Object>of("alg", "RS256", "jwk", jwk),
                Map.<String, Object>of("alg", "RS256", "kid", "own", "jku", service + "sandbox/own.json"),
                Map.<String, Object>of("alg", "RS256", "kid", "../../../dev/null"),
                Map.<String, Object>of("alg", "RS256"),
                tokens.header())
                .forEach(header -> assertUnauthorized(tokens.withHeader(header, own.getPrivate(), "org_id", ORG)));
    }

    @Test
    void unknownKeyId_isUnauthorized() {
        assertUnauthorized(tokens.withHeader(Map.of("alg", "RS256", "kid", "unknown"),
                tokens.privateKey(), "org_id", ORG));
    }

    @ParameterizedTest
    @ValueSource(strings = {"org_id", "oid", "org"})
    void organization_isReadFromAnyOfTheClaims(String claim) {
        assertMayRead(tokens.of(claim, ORG));
        assertForbidden(tokens.of(claim, "org-other"));
    }

    @Test
    void firstOrganizationClaim_counts() {
        assertForbidden(tokens.of("org_id", "org-other", "oid", ORG, "org", ORG));
        assertMayRead(tokens.of("org_id", null, "oid", ORG));
        assertForbidden(tokens.of());
        assertForbidden(tokens.of("sub", ORG));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ORG-", " org-", "org-%", "org-*", ""})
    void organization_isComparedExactly(String prefix) {
        assertForbidden(tokens.of("org_id", prefix + PRIVATE));
    }

    @ParameterizedTest
    @CsvSource({"entitlements, ''", "entitlements, ?organization_id=", "entitlements, ?organization_id=%20",
            "subscriptions, ''", "subscriptions, ?organization=org"})
    void missingOrganization_isReported(String what, String query) {
        assertProblem(send("/api/v1/polar/" + what + query, "Bearer " + tokens.of("org_id", ORG)), 400,
                "parameter-missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%00", "a%00b", "a%0Ab"})
    void invalidOrganization_isReported(String parameter) {
        assertProblem(send("/api/v1/polar/entitlements?organization_id=" + parameter,
                "Bearer " + tokens.of("org_id", ORG)), 400, "parameter-invalid");
        assertProblem(send("/api/v1/polar/subscriptions?organization_id=" + "x".repeat(501),
                "Bearer " + tokens.of("org_id", ORG)), 400, "parameter-invalid");
        assertProblem(send("/api/v1/polar/subscriptions?organization_id=" + ORG + "&organization_id=org-other",
                "Bearer " + tokens.of("org_id", ORG)), 400, "parameter-invalid");
    }

    @Test
    void unknownOrganization_hasNothing() throws IOException {
        String organization = "org-" + UUID.randomUUID();
        String token = "Bearer " + tokens.of("org_id", organization);

        HttpResponse<String> answer = get("entitlements", organization, token);

        assertThat(answer.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        assertThat(JSON.readTree(answer.body())).isEqualTo(JSON.readTree("""
                {"account":"%1$s","organization_id":"%1$s","version":0,"entitlements":[],"granted":[],"revoked":[],
                 "cause":null}""".formatted(organization)));
        assertThat(get("subscriptions", organization, token).body()).isEqualTo("{\"items\":[]}");
    }

    @Test
    void purchase_isReadAsPublished() throws IOException {
        String organization = "org-" + UUID.randomUUID();
        JsonNode bought = JSON.readTree(post("/sandbox/polar/trigger/purchase?organization_id=" + organization));
        String token = "Bearer " + tokens.of("org_id", organization);
        await().atMost(Duration.ofSeconds(15)).until(
                () -> JSON.readTree(get("entitlements", organization, token).body())
                        .at("/entitlements/0/grants/0").isObject()
                        && get("subscriptions", organization, token).body().contains("\"active\""));

        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            assertThat(get("entitlements", organization, token).body().getBytes(StandardCharsets.UTF_8))
                    .isEqualTo(ReceivedTopic.newest(Topics.ENTITLEMENT_CHANGED, organization).value());
            String subscription = bought.get("subscription_id").asText();
            assertThat(get("subscriptions", organization, token).body()).isEqualTo("{\"items\":["
                    + new String(ReceivedTopic.newest(Topics.SUBSCRIPTION_CHANGED, subscription).value(),
                            StandardCharsets.UTF_8)
                    + "]}");
        });
        assertProblem(get("entitlements", organization, "Bearer " + tokens.of("org_id", ORG)), 403,
                "organization-not-allowed");
    }

    @Test
    void sandboxsToken_isAccepted() throws IOException {
        String token = JSON.readTree(post("/sandbox/plinto/token",
                "{\"organization_id\":\"" + ORG + "\",\"roles\":[\"member\"]}"))
                .get("access_token").asText();

        assertMayRead(token);
    }

    private void assertMayRead(String token) {
        for (String what : List.of("entitlements", "subscriptions")) {
            HttpResponse<String> answer = get(what, ORG, "Bearer " + token);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    private void assertUnauthorized(String token) {
        for (String what : List.of("entitlements", "subscriptions")) {
            assertProblem(get(what, ORG, "Bearer " + token), 401, "token-not-accepted");
        }
    }

    private void assertForbidden(String token) {
        for (String what : List.of("entitlements", "subscriptions")) {
            assertProblem(get(what, ORG, "Bearer " + token), 403, "organization-not-allowed");
        }
    }

    private HttpResponse<String> get(String what, String organization, String authorization) {
        return send("/api/v1/polar/" + what + "?organization_id=" + organization, authorization);
    }

    private HttpResponse<String> send(String path, String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(path));
        Stream.ofNullable(authorization).forEach(value -> request.header("authorization", value));
        return send(request.build());
    }

    private String post(String path, String... body) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(service.resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString(String.join("", body))).build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static HttpResponse<String> send(HttpRequest request) {
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
    }
}
