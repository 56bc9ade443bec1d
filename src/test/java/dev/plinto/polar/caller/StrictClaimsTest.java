package dev.plinto.polar.caller;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Issuers differ in how they write claims. A claim of another form than documented is refused, and never guessed at.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class StrictClaimsTest {

    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource("/api/v1/polar/")
    URI calls;

    private PlintoTokens tokens;

    @BeforeEach
    void useTheSandboxsKey() {
        tokens = new PlintoTokens(calls);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"ops\"", "\"ops viewer\"", "\"ops,viewer\"", "\"[ops]\"", "{\"ops\": true}",
            "[[\"ops\"]]",
            "[{\"name\": \"ops\"}]", "[\"opsx\"]", "[\"OPS\"]", "[\" ops\"]", "[\"ops viewer\"]", "[null]", "1",
            "true"})
    void rolesOfAnotherForm_giveNoRole(String roles) {
        assertProblem(get("ops/audit", tokens.of("roles", json(roles))), 403, "role-not-allowed");
        assertProblem(get("entitlements?organization_id=org-1",
                tokens.of("org_id", "org-1", "roles", json(roles.replace("ops", "owner").replace("OPS", "OWNER")
                        .replace("viewer", "admin")))),
                403, "organization-not-allowed");
    }

    @Test
    void otherItemsOfTheListOfRoles_takeNoRoleAway() {
        assertThat(get("ops/audit", tokens.of("roles", json("[1, null, {}, \"ops\"]"))).statusCode()).isEqualTo(200);
    }

    @Test
    void rolesThatAreNoList_areNamed() {
        assertThat(get("ops/audit", tokens.of("roles", "ops")).body()).contains("claim roles is not a list");
        assertThat(get("ops/audit", tokens.of("roles", List.of("owner"))).body()).doesNotContain("not a list");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "[\"org-1\"]", "{\"id\": \"org-1\"}", "\"\"", "\"  \"", "\"\\t\\n\"", "true", "[]",
            "{}"})
    void organizationOfAnotherForm_isRefused_andItsClaimNamed(String organization) {
        HttpResponse<String> answer = get("entitlements?organization_id=org-1",
                tokens.of("org_id", json(organization), "oid", "org-1"));

        assertProblem(answer, 403, "organization-not-allowed");
        assertThat(answer.body()).contains("claim org_id must be a text that is not empty").doesNotContain("org-1");
        assertProblem(get("entitlements?organization_id=org-1", tokens.service("billing:read", "org",
                json(organization))), 403, "organization-not-allowed");
    }

    /// What cannot be read makes nobody a service, which reads any organization.
    @ParameterizedTest
    @ValueSource(strings = {"\"owner\"", "{}", "1", "true", "[\"client_credentials\"]", "\"\""})
    void malformedClaim_makesNoService(String value) {
        for (String claim : List.of("token_use", "actor_type")) {
            assertProblem(get("entitlements?organization_id=org-1", tokens.service("billing:read", claim, json(value))),
                    403, "organization-not-allowed");
            assertProblem(get("entitlements?organization_id=org-1",
                    tokens.of("scope", "billing:read", claim, json(value))), 403, "organization-not-allowed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "true", "{\"a\": \"billing:read\"}", "[[\"billing:read\"]]", "\"billing:read,x\"",
            "\"billing:reader\"", "\"x\\tbilling:read\""})
    void scopeOfAnotherForm_givesNoScope(String scope) {
        assertProblem(get("entitlements?organization_id=org-1", tokens.service(json(scope))), 403,
                "organization-not-allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"type: [\"access\"]", "type: {\"access\": true}", "type: \"access \"", "type: true",
            "iss: [\"ISSUER\"]", "iss: \"ISSUER/\"", "aud: {\"plinto.dev\": 1}",
            "aud: \"plinto.dev other\"", "aud: []", "aud: 5", "exp: \"9999999999\"", "exp: null", "exp: true",
            "exp: [9999999999]"})
    void claimsOfTheTokenItself_areReadStrictly(String claim) {
        String[] parts = claim.split(": ", 2);

        Object value = json(parts[1].replace("ISSUER", PlintoTokens.issuer()));

        assertProblem(get("ops/audit", tokens.of("roles", List.of("ops"), parts[0], value)), 401,
                "token-not-accepted");
    }

    @Test
    void audience_mayBeOneOfAList() {
        assertThat(get("ops/audit", tokens.of("roles", List.of("ops"), "aud", List.of("other", "plinto.dev")))
                .statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> get(String call, String token) {
        return HTTP.sendAsync(HttpRequest.newBuilder(calls.resolve(call)).header("authorization", "Bearer " + token)
                .build(), BodyHandlers.ofString()).join();
    }

    private static Object json(String text) {
        try {
            return JSON.readValue(text, Object.class);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError(text, notJson);
        }
    }
}
