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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A person with several organizations signs in for one of them.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class SeveralOrganizationsTest {

    private static final String ROLES = "org-a=viewer org-b=admin";

    @TestHTTPResource("/")
    URI service;

    private OpenIdClient client;

    @BeforeEach
    void open() {
        client = new OpenIdClient(service);
    }

    @Test
    void person_choosesAnOrganization_andTheTokenNamesIt() {
        HttpResponse<String> question = client.signIn("consultant", "org-1", request(), "org_roles", ROLES);

        assertThat(question.statusCode()).isEqualTo(200);
        assertThat(question.body())
                .contains("For which organization?", "name=\"chosen_organization\" value=\"org-a\"", "as viewer",
                        "value=\"org-b\"", "as admin")
                .doesNotContain("name=\"chosen_organization\" value=\"org-1\"");
        JsonNode access = access(tokens("org-b"));
        assertThat(access.path("org_id").textValue()).isEqualTo("org-b");
        assertThat(access.path("org_role").textValue()).isEqualTo("admin");
        assertThat(access.path("roles")).extracting(JsonNode::textValue).containsExactly("admin");
        assertThat(access.path("org_roles").toString()).isEqualTo("{\"org-a\":\"viewer\",\"org-b\":\"admin\"}");
        assertThat(access.path("sub").textValue()).isEqualTo("usr_consultant");
        assertThat(access.path("email").textValue()).isEqualTo("consultant@example.com");
    }

    @Test
    void token_countsInAllOrganizationsOfThePerson_byTheRoleThere() {
        JsonNode tokens = tokens("org-a");

        assertThat(call("/api/v1/polar/entitlements?organization_id=org-b", tokens)).isEqualTo(200);
        assertThat(call("/api/v1/polar/entitlements?organization_id=org-c", tokens)).isEqualTo(403);
        assertThat(call("/api/v1/polar/audit?organization_id=org-b", tokens)).isEqualTo(200);
        assertThat(call("/api/v1/polar/audit?organization_id=org-a", tokens)).isEqualTo(403);
    }

    @Test
    void application_changesTheOrganization_withoutAsking() {
        JsonNode first = tokens("org-a");

        JsonNode second = json(client.exchange(silent("org-b")));

        assertThat(access(second).path("org_id").textValue()).isEqualTo("org-b");
        assertThat(access(second).path("auth_time")).isEqualTo(access(first).path("auth_time"));
        assertThat(access(json(client.refresh(first))).path("org_id").textValue()).isEqualTo("org-a");
        assertThat(answer(client.authorize(request("prompt", "none", "organization_id", "org-c"))))
                .containsEntry("error", "interaction_required").doesNotContainKey("code");
        client.browser.get("/sandbox/plinto/oauth/end-session?client_id=demo");
        assertError(client.refresh(second), 400, "invalid_grant");
    }

    @Test
    void page_suggestsTheOrganizationsOfTheRequest() {
        assertThat(client.authorize(request()).body()).contains("name=\"org_roles\" value=\"" + Memberships.USUAL);
        assertThat(client.authorize(request("org_roles", ROLES)).body()).contains("value=\"" + ROLES + "\"");
    }

    @Test
    void wrongChoice_isAnsweredToTheApplication() {
        for (List<String> wrong : List.of(List.of("org_roles", "org-a"), List.of("chosen_organization", "org-c"))) {
            assertThat(answer(client.signIn("consultant", "org-1", request(), wrong.toArray(String[]::new))))
                    .containsEntry("error", "invalid_request");
        }
        assertThat(answer(client.signIn("owner", "org-1", request(), "chosen_organization", "org-2")))
                .containsEntry("error", "invalid_request");
        assertThat(answer(client.signIn("consultant", "org-1", request(), "cancel", "cancel")))
                .containsEntry("error", "access_denied");
    }

    private JsonNode tokens(String organization) {
        return json(client.exchange(answer(client.signIn("consultant", "org-1", request(), "org_roles", ROLES,
                "chosen_organization", organization)).get("code")));
    }

    private String silent(String organization) {
        return answer(client.authorize(request("prompt", "none", "organization_id", organization))).get("code");
    }

    private static JsonNode access(JsonNode tokens) {
        return claims(tokens.path("access_token").textValue());
    }

    private int call(String path, JsonNode tokens) {
        return client.browser.get(path, "authorization", "Bearer " + tokens.path("access_token").textValue())
                .statusCode();
    }
}
