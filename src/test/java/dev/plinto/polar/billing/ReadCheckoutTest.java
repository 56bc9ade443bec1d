package dev.plinto.polar.billing;

import static dev.plinto.polar.billing.SellingClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A checkout that was handed out is known, whatever the projection has.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class ReadCheckoutTest {

    /// As if the broker were away: no event tells of this checkout.
    private static final String HANDED_OUT = """
            INSERT INTO idempotent_requests (id, organization, call, body_sha256, lease_until, same_until, state,
                                             status, answer, checkout_id)
            SELECT ?, organization, call, body_sha256, lease_until, same_until, state, status, answer, ?
            FROM idempotent_requests WHERE checkout_id = ?
            """;

    @TestHTTPResource("/")
    URI service;

    private SellingClient selling;

    @BeforeEach
    void know() {
        selling = new SellingClient(service);
    }

    @Test
    void checkoutThatWasHandedOut_isKnownBeforeItIsProjected() {
        JsonNode checkout = json(selling.send("POST", "/api/v1/polar/checkout",
                "{\"product_id\":\"%s\"}".formatted(selling.product()), "authorization", selling.owner()), 201);
        String unprojected = UUID.randomUUID().toString();
        selling.database.execute(HANDED_OUT, UUID.randomUUID().toString(), unprojected,
                checkout.path("checkout_id").asText());

        JsonNode read = json(read(unprojected, "", selling.owner()), 200);
        assertThat(read.path("status").asText()).isEqualTo("open");
        assertThat(read.path("activation").asText()).isEqualTo("pending");
        assertThat(read.path("organization_id").asText()).isEqualTo(selling.organization);
        assertThat(read.path("product_id")).isEqualTo(checkout.path("product_id"));
        assertThat(read.path("expires_at")).isEqualTo(checkout.path("expires_at"));
        assertThat(read.path("created_at").isNull()).isTrue();
        assertThat(json(read(unprojected, "/activation?wait=0", selling.owner()), 200).path("state").asText())
                .isEqualTo("pending");
        assertThat(read(unprojected, "", selling.stranger()).statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> read(String checkout, String of, String authorization) {
        return selling.send("GET", "/api/v1/polar/checkout/" + checkout + of, "", "authorization", authorization);
    }
}
