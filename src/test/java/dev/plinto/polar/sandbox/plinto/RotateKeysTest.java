package dev.plinto.polar.sandbox.plinto;

import static dev.plinto.polar.sandbox.plinto.OpenIdClient.json;
import static dev.plinto.polar.sandbox.plinto.OpenIdClient.keyOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.ConsoleClient;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The provider's keys change while people and applications are signed in. There is one test only: the service reads
/// the keys at most every five seconds, so that it may not know those of a second rotation.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class RotateKeysTest {

    @TestHTTPResource("/")
    URI service;

    @Test
    void rotation_refusesNobody() {
        OpenIdClient client = new OpenIdClient(service);
        ConsoleSignIn operator = new ConsoleSignIn(new ConsoleClient(service));
        operator.signIn("operator");
        JsonNode old = client.tokens("owner", "org-keys");
        assertThat(call(client, old)).isEqualTo(200);

        HttpResponse<String> rotation = client.browser.post("/sandbox/plinto/keys/rotate", Map.of());

        assertThat(rotation.statusCode()).isEqualTo(200);
        String signing = json(rotation).path("kid").textValue();
        String before = keyOf(old.path("access_token").textValue());
        JsonNode refreshed = json(client.refresh(old));
        assertThat(keyOf(refreshed.path("access_token").textValue())).isEqualTo(signing).isNotEqualTo(before);
        assertThat(keyOf(refreshed.path("id_token").textValue())).isEqualTo(signing);
        assertThat(json(client.browser.get("/sandbox/plinto/jwks.json")).path("keys"))
                .extracting(key -> key.path("kid").textValue()).contains(signing, before);
        assertThat(call(client, refreshed)).isEqualTo(200);
        assertThat(call(client, old)).isEqualTo(200);

        assertThat(operator.browser().get("/ops").statusCode()).isEqualTo(200);
        assertThat(new ConsoleSignIn(new ConsoleClient(service)).signIn("operator").statusCode()).isEqualTo(200);
        assertThat(client.browser.get("/sandbox/plinto/oauth/end-session?id_token_hint="
                + old.path("id_token").textValue()).statusCode()).isEqualTo(200);
    }

    private static int call(OpenIdClient client, JsonNode tokens) {
        return client.browser.get("/api/v1/polar/entitlements?organization_id=org-keys", "authorization",
                "Bearer " + tokens.path("access_token").textValue()).statusCode();
    }
}
