package dev.plinto.polar.sandbox.plinto;

import static dev.plinto.polar.sandbox.plinto.OpenIdClient.answer;
import static dev.plinto.polar.sandbox.plinto.OpenIdClient.assertError;
import static dev.plinto.polar.sandbox.plinto.OpenIdClient.claims;
import static dev.plinto.polar.sandbox.plinto.OpenIdClient.json;
import static dev.plinto.polar.sandbox.plinto.OpenIdClient.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Signing in at the sandbox's provider, as an application does it.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class OpenIdProviderTest {

    @TestHTTPResource("/")
    URI service;

    private OpenIdClient client;

    @BeforeEach
    void open() {
        client = new OpenIdClient(service);
    }

    @Test
    void metadata_isTheIssuers_andNamesWhatIsThere() {
        JsonNode metadata = json(client.browser.get("/sandbox/plinto/.well-known/openid-configuration"));

        assertThat(metadata.path("issuer").textValue()).isEqualTo(PlintoTokens.issuer());
        for (String endpoint : List.of("authorization_endpoint", "token_endpoint", "userinfo_endpoint",
                "end_session_endpoint", "jwks_uri")) {
            String url = metadata.path(endpoint).textValue();
            assertThat(url).startsWith(PlintoTokens.issuer() + "/");
            assertThat(client.browser.get(URI.create(url).getPath()).statusCode()).as(url).isNotEqualTo(404);
        }
        assertThat(metadata.path("code_challenge_methods_supported")).extracting(JsonNode::textValue)
                .containsExactly("S256");
        assertThat(metadata.path("grant_types_supported")).extracting(JsonNode::textValue)
                .containsExactly("authorization_code", "refresh_token");
    }

    @Test
    void page_offersEveryPerson_andEscapesTheRequest() {
        HttpResponse<String> page = client.authorize(request("client_id", "<b>demo", "state", "\"><script>"));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'; style-src 'self'").contains("frame-ancestors 'none'");
        assertThat(page.body()).contains("&lt;b&gt;demo", "127.0.0.1:3000", "value=\"owner\"", "value=\"admin\"",
                "value=\"member\"", "value=\"viewer\"", "value=\"consultant\"", "value=\"operator\"")
                .doesNotContain("<b>", "<script");
    }

    @Test
    void person_signsIn() {
        Map<String, String> answer = answer(client.signIn("admin", "org-oidc", request()));
        HttpResponse<String> exchanged = client.exchange(answer.get("code"));

        assertThat(answer).containsEntry("state", "{a} b&c").containsEntry("iss", PlintoTokens.issuer())
                .containsEntry("from", "plinto");
        assertThat(exchanged.headers().firstValue("cache-control")).hasValue("no-store");
        JsonNode tokens = json(exchanged);
        assertThat(tokens.path("token_type").textValue()).isEqualTo("Bearer");
        JsonNode id = claims(tokens.path("id_token").textValue());
        assertThat(id.path("aud").textValue()).isEqualTo("demo");
        assertThat(id.path("nonce").textValue()).isEqualTo("n-1");
        assertThat(id.path("sub").textValue()).isEqualTo("usr_admin");
        assertThat(Instant.ofEpochSecond(id.path("auth_time").longValue()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
        JsonNode access = claims(tokens.path("access_token").textValue());
        assertThat(access.path("type").textValue()).isEqualTo("access");
        assertThat(access.path("org_id").textValue()).isEqualTo("org-oidc");
        assertThat(access.path("org_role").textValue()).isEqualTo("admin");
        assertThat(access.path("roles")).extracting(JsonNode::textValue).containsExactly("admin");
        assertThat(access.path("email").textValue()).isEqualTo("admin+org-oidc@example.com");
        assertThat(access.path("email_verified").booleanValue()).isTrue();
        assertThat(access.path("auth_time")).isEqualTo(id.path("auth_time"));
        assertThat(access.has("token_use")).isFalse();
    }

    @Test
    void accessToken_isAcceptedByCalls_theIdTokenIsNot() {
        JsonNode tokens = client.tokens("member", "org-oidc");
        String call = "/api/v1/polar/entitlements?organization_id=org-oidc";

        assertThat(get(call, tokens.path("access_token")).statusCode()).isEqualTo(200);
        assertThat(get(call, tokens.path("id_token")).statusCode()).isEqualTo(401);
        assertThat(get("/api/v1/polar/ops/audit", tokens.path("access_token")).statusCode()).isEqualTo(403);
        assertThat(get("/api/v1/polar/ops/audit", client.tokens("operator", "").path("access_token")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void userInfo_tellsWhoseTokenItIs() {
        HttpResponse<String> answer = get("/sandbox/plinto/oauth/userinfo",
                client.tokens("owner", "org-oidc").path("access_token"));

        assertThat(json(answer).properties()).extracting(entry -> entry.getKey() + "=" + text(entry.getValue()))
                .containsExactlyInAnyOrder("sub=usr_owner", "name=Olivia", "email=owner+org-oidc@example.com",
                        "email_verified=true", "org_id=org-oidc", "org_role=owner", "org_roles={org-oidc:owner}");
        assertThat(client.browser.get("/sandbox/plinto/oauth/userinfo").statusCode()).isEqualTo(401);
    }

    @Test
    void withoutTheScopeOpenid_thereIsNoIdToken() {
        String code = answer(client.signIn("owner", "org-oidc", request("scope", "billing:write"))).get("code");

        JsonNode tokens = json(client.exchange(code));
        assertThat(tokens.has("id_token")).isFalse();
        assertThat(claims(tokens.path("access_token").textValue()).path("scope").textValue()).isEmpty();
    }

    @Test
    void code_isWorthNothing_toAnother_orTwice() {
        for (List<String> wrong : List.of(List.of("client_id", "other"), List.of("code_verifier", "x".repeat(43)),
                List.of("redirect_uri", "http://127.0.0.1:3000/"), List.of("code", "made-up"))) {
            String code = client.code("owner", "org-oidc");

            assertError(client.exchange(code, wrong.toArray(String[]::new)), 400, "invalid_grant");
        }
        String code = client.code("owner", "org-oidc");
        assertThat(client.exchange(code).statusCode()).isEqualTo(200);
        assertError(client.exchange(code), 400, "invalid_grant");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "absent", value = {
            "grant_type, password, unsupported_grant_type", "grant_type, absent, invalid_request",
            "code_verifier, absent, invalid_request", "redirect_uri, absent, invalid_request",
            "code, absent, invalid_request", "client_id, absent, invalid_request"})
    void incompleteExchange_isRefused(String parameter, String value, String error) {
        assertError(client.exchange("x", parameter, value), 400, error);
    }

    @Test
    void confidentialClient_needsItsSecret() {
        assertThat(client.exchange(client.code("owner", "org-1"), "client_secret", Clients.SECRET).statusCode())
                .isEqualTo(200);
        assertThat(basic("demo:" + Clients.SECRET).statusCode()).isEqualTo(200);
        for (HttpResponse<String> refused : List.of(
                client.exchange(client.code("owner", "org-1"), "client_secret", "wrong"), basic("demo:wrong"),
                basic("console"), basic("demo:%zz"),
                client.exchange(client.code("owner", "org-1"), "client_id", "console"))) {
            assertError(refused, 401, "invalid_client");
            assertThat(refused.headers().firstValue("www-authenticate").orElseThrow()).startsWith("Basic");
        }
    }

    @ParameterizedTest
    @CsvSource(nullValues = "absent", value = {
            "response_type, token, unsupported_response_type", "response_type, absent, invalid_request",
            "response_mode, form_post, invalid_request", "code_challenge, absent, invalid_request",
            "code_challenge, short, invalid_request", "code_challenge_method, absent, invalid_request",
            "code_challenge_method, plain, invalid_request", "prompt, none login, invalid_request",
            "max_age, soon, invalid_request", "prompt, none, login_required"})
    void wrongRequest_isAnsweredToTheApplication(String parameter, String value, String error) {
        Map<String, String> answer = answer(client.authorize(request(parameter, value)));

        assertThat(answer).containsEntry("error", error).containsEntry("state", "{a} b&c").doesNotContainKey("code");
        assertThat(answer.get("error_description")).isNotBlank();
    }

    @Test
    void cancel_isAnsweredToTheApplication() {
        assertThat(answer(client.signIn("", "org-1", request()))).containsEntry("error", "access_denied");
        assertThat(answer(client.signIn("nobody", "org-1", request()))).containsEntry("error", "invalid_request");
        assertThat(answer(client.signIn("owner", "", request()))).containsEntry("error", "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.com/", "http://127.0.0.1.example.com/", "http://127.0.0.1@example.com/",
            "http://localhost:3000/#x", "//127.0.0.1/", "/signed-in", "javascript:alert(1)", "app://127.0.0.1/",
            "http://user@localhost/", "http://localhost\\@example.com/", "http://2130706433/", "http://[::2]/", ""})
    void codesGoToThisMachineOnly(String address) {
        for (HttpResponse<String> refused : List.of(client.authorize(request("redirect_uri", address)),
                client.signIn("owner", "org-1", request("redirect_uri", address)),
                client.browser.get("/sandbox/plinto/oauth/end-session?client_id=demo&post_logout_redirect_uri="
                        + (address.isEmpty() ? "x" : Operator.encoded(address))))) {
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.headers().firstValue("location")).isEmpty();
            assertThat(refused.body()).contains("The application&#39;s request is refused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:3000/", "http://localhost:5173/a?b=c", "http://[::1]:3000/"})
    void addressesOfThisMachine_areAccepted(String address) {
        HttpResponse<String> redirect = client.signIn("owner", "org-1", request("redirect_uri", address));

        assertThat(redirect.headers().firstValue("location").orElseThrow())
                .startsWith(address + (address.contains("?") ? "&" : "?") + "code=");
    }

    @Test
    void session_answersRequestsThatAskNobody_untilSignOut() {
        JsonNode first = client.tokens("owner", "org-1");

        String code = answer(client.authorize(request("prompt", "none", "max_age", "600"))).get("code");
        JsonNode second = json(client.exchange(code));
        assertThat(claims(second.path("id_token").textValue()).path("auth_time"))
                .isEqualTo(claims(first.path("id_token").textValue()).path("auth_time"));

        signOut("id_token_hint=" + new OpenIdClient(service).tokens("admin", "org-1").path("id_token").textValue());
        assertThat(answer(client.authorize(request("prompt", "none")))).containsKey("code"); // it was another's
        signOut("id_token_hint=" + first.path("id_token").textValue());
        assertThat(answer(client.authorize(request("prompt", "none")))).containsEntry("error", "login_required");
    }

    @Test
    void oldSession_doesNotAnswerForANewSignIn() {
        client.tokens("owner", "org-1");

        assertThat(answer(client.authorize(request("prompt", "none", "max_age", "0"))))
                .containsEntry("error", "login_required");
    }

    @Test
    void signOut_leadsBackToTheApplication() {
        String idToken = client.tokens("owner", "org-1").path("id_token").textValue();
        String back = "&post_logout_redirect_uri=http://localhost:3000/bye&state=s";

        for (String of : List.of("client_id=demo", "id_token_hint=" + idToken,
                "client_id=demo&id_token_hint=" + idToken)) {
            assertThat(signOut(of + back).headers().firstValue("location"))
                    .hasValue("http://localhost:3000/bye?state=s");
        }
        assertThat(signOut("client_id=demo").body()).contains("You are signed out");
        for (String wrong : List.of(back.substring(1), "client_id=other&id_token_hint=" + idToken + back,
                "id_token_hint=" + idToken.substring(0, idToken.length() - 9) + back)) {
            assertThat(signOut(wrong).statusCode()).as(wrong).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:3000", "http://localhost:5173", "http://[::1]:3000"})
    void scriptsOfThisMachine_mayReadAnswers(String origin) {
        HttpResponse<String> answer = client.browser.post("/sandbox/plinto/oauth/token", Map.of(), "origin", origin);
        HttpResponse<String> metadata = client.browser.get("/sandbox/plinto/.well-known/openid-configuration",
                "origin", origin);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("access-control-allow-origin")).hasValue(origin);
        assertThat(metadata.headers().firstValue("access-control-allow-origin")).hasValue(origin);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.com", "http://127.0.0.1.example.com", "http://localhost:3000.example.com",
            "null"})
    void scriptsOfOtherSites_areRefused(String origin) {
        HttpResponse<String> answer = client.browser.post("/sandbox/plinto/oauth/token", Map.of(), "origin", origin);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("access-control-allow-origin")).isEmpty();
    }

    private static String text(JsonNode value) {
        return value.toString().replace("\"", "");
    }

    private HttpResponse<String> signOut(String query) {
        return client.browser.get("/sandbox/plinto/oauth/end-session?" + query);
    }

    private HttpResponse<String> get(String path, JsonNode token) {
        return client.browser.get(path, "authorization", "Bearer " + token.textValue());
    }

    private HttpResponse<String> basic(String credentials) {
        return client.browser.post("/sandbox/plinto/oauth/token",
                Map.of("grant_type", "authorization_code", "code", client.code("owner", "org-1"),
                        "redirect_uri", OpenIdClient.REDIRECT_URI, "code_verifier", OpenIdClient.VERIFIER),
                "authorization", "Basic " + Base64.getEncoder()
                        .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    }
}
