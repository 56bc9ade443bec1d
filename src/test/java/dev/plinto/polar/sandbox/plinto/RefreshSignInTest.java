package dev.plinto.polar.sandbox.plinto;

import static dev.plinto.polar.sandbox.plinto.OpenIdClient.answer;
import static dev.plinto.polar.sandbox.plinto.OpenIdClient.assertError;
import static dev.plinto.polar.sandbox.plinto.OpenIdClient.claims;
import static dev.plinto.polar.sandbox.plinto.OpenIdClient.json;
import static dev.plinto.polar.sandbox.plinto.OpenIdClient.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Applications keep people signed in with refresh tokens.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class RefreshSignInTest {

    private static final String CALL = "/api/v1/polar/entitlements?organization_id=org-refresh";

    @TestHTTPResource("/")
    URI service;

    private OpenIdClient client;

    @BeforeEach
    void open() {
        client = new OpenIdClient(service);
    }

    @Test
    void refreshToken_yieldsNewTokens_ofTheSameSignIn() {
        JsonNode first = client.tokens("admin", "org-refresh");

        HttpResponse<String> answer = client.refresh(first);

        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
        JsonNode second = json(answer);
        assertThat(second.path("refresh_token").textValue()).isNotEqualTo(first.path("refresh_token").textValue());
        assertThat(second.path("scope").textValue()).isEqualTo("openid email");
        JsonNode id = claims(second.path("id_token").textValue());
        JsonNode firstId = claims(first.path("id_token").textValue());
        for (String claim : new String[] {"iss", "aud", "sub", "auth_time"}) {
            assertThat(id.path(claim)).as(claim).isEqualTo(firstId.path(claim));
        }
        assertThat(id.has("nonce")).isFalse();
        JsonNode access = claims(second.path("access_token").textValue());
        assertThat(access.path("org_id").textValue()).isEqualTo("org-refresh");
        assertThat(access.path("org_role").textValue()).isEqualTo("admin");
        assertThat(access.path("jti")).isNotEqualTo(claims(first.path("access_token").textValue()).path("jti"));
        assertThat(call(second.path("access_token").textValue())).isEqualTo(200);
    }

    @Test
    void usedToken_isRefused_andEndsItsFamily() {
        JsonNode first = client.tokens("owner", "org-refresh");
        JsonNode second = json(client.refresh(first));
        JsonNode another = client.tokens("owner", "org-refresh");

        assertError(client.refresh(first), 400, "invalid_grant");

        assertError(client.refresh(second), 400, "invalid_grant");
        assertThat(client.refresh(another).statusCode()).isEqualTo(200);
    }

    @Test
    void refreshToken_isWorthNothing_toAnotherClient_orForCalls() {
        JsonNode tokens = client.tokens("owner", "org-refresh");

        assertError(client.refresh(tokens, "client_id", "other"), 400, "invalid_grant");
        assertError(client.refresh(tokens, "client_secret", "wrong"), 401, "invalid_client");
        assertThat(call(tokens.path("refresh_token").textValue())).isEqualTo(401);
        assertThat(client.refresh(tokens).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "absent", value = {"absent, invalid_request", "made-up, invalid_grant",
            "made.up, invalid_grant", "., invalid_grant"})
    void otherText_isRefused(String token, String error) {
        assertError(client.refresh(client.tokens("owner", "org-refresh"), "refresh_token", token), 400, error);
    }

    @Test
    void application_mayAskForFewerScopes_butNotForMore() {
        JsonNode all = client.tokens("owner", "org-refresh");

        JsonNode fewer = json(client.refresh(all, "scope", "email profile"));
        JsonNode again = json(client.refresh(fewer));

        assertThat(fewer.path("scope").textValue()).isEqualTo("email");
        assertThat(fewer.has("id_token")).isFalse();
        assertThat(again.path("scope").textValue()).isEqualTo("openid email");
    }

    @Test
    void signOut_endsTheRefreshTokensOfTheSignIn() {
        JsonNode tokens = client.tokens("owner", "org-refresh");
        JsonNode silent = json(client.exchange(answer(client.authorize(request("prompt", "none"))).get("code")));
        OpenIdClient elsewhere = new OpenIdClient(service);
        JsonNode other = elsewhere.tokens("owner", "org-refresh");

        client.browser.get("/sandbox/plinto/oauth/end-session?client_id=demo");

        assertError(client.refresh(tokens), 400, "invalid_grant");
        assertError(client.refresh(silent), 400, "invalid_grant");
        assertThat(elsewhere.refresh(other).statusCode()).isEqualTo(200);
    }

    private int call(String token) {
        return client.browser.get(CALL, "authorization", "Bearer " + token).statusCode();
    }
}
