package dev.plinto.polar.privacy;

import static dev.plinto.polar.billing.SellingClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.billing.ConektaBesideStack;
import dev.plinto.polar.billing.SellingClient;
import dev.plinto.polar.conekta.ConektaConfig;
import dev.plinto.polar.sandbox.conekta.live.SandboxConekta;
import dev.plinto.polar.sandbox.conekta.rest.ConektaServer;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Export and erasure of who bought at the simulated Conekta, over real HTTP, broker and database.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(ConektaBesideStack.class)
class ErasureAtConektaTest {

    @TestHTTPResource("/")
    URI service;

    @Inject
    SandboxConekta conekta;

    @Inject
    ConektaConfig config;

    private SellingClient selling;
    private ConektaServer server;
    private String customer;
    private String subscription;

    @BeforeEach
    void subscribe() {
        server = serve();
        selling = new SellingClient(service);
        JsonNode sale = json(selling.send("POST", "/sandbox/conekta/trigger/mexico-purchase" + query(), ""), 200);
        customer = sale.path("customer_id").asText();
        subscription = sale.path("subscription_id").asText();
        selling.tellBenefits();
        SellingClient.awaitNextSecond();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void export_hasWhatConektaHas() {
        JsonNode record = export();

        assertThat(record.at("/customers/0/id").asText()).isEqualTo(customer);
        assertThat(record.at("/customers/0/email").asText()).contains("@");
        assertThat(record.at("/subscriptions/0/id").asText()).isEqualTo(subscription);
        assertThat(record.path("orders")).hasSize(1);
        assertThat(record.at("/orders/0/object").asText()).isEqualTo("order");
        assertThat(record.path("read_at").isNull()).isFalse();
        assertThat(record.path("unavailable").isNull()).isTrue();
    }

    @Test
    void export_isWhole_whileConektaIsDown() {
        server.close();

        JsonNode record = export();

        assertThat(record.path("customers")).isEmpty();
        assertThat(record.path("unavailable").asText()).startsWith("Conekta does not answer");
    }

    /// Its paid period goes on, and no event would ever end what it gives.
    @Test
    void erasure_deletesTheCustomer_andNothingIsLeftToUse() {
        JsonNode complete = complete(erase("&cancel=true"));

        assertThat(complete.path("steps").toString()).contains("1 ended", "1 deleted at Conekta",
                "no subscription is live, and nothing is granted", "1 subscriptions and for the set");
        assertThat(conekta.simulation().exclusively(
                () -> conekta.simulation().subscriptions().status(subscription).wireName())).isEqualTo("canceled");
        assertThat(grants()).isZero();
        assertThat(export().path("customers")).isEmpty();
    }

    @Test
    void erasure_waitsForConekta_andSaysSo() {
        server.close();
        JsonNode erasure = erase("&cancel=true");
        await().atMost(SellingClient.PATIENCE).until(() -> !read(erasure).path("trouble").isNull());
        assertThat(grants()).isPositive();

        server = serve();

        assertThat(complete(erasure).path("steps").toString()).contains("deleted at Conekta");
        assertThat(grants()).isZero();
    }

    @Test
    void customerThatIsToStay_isKept_withWhatIsPaid() {
        JsonNode complete = complete(erase("&cancel=true&keep_at_provider=true"));

        assertThat(complete.path("steps").toString()).contains("1 ended", "kept, as asked",
                "grants of a customer who stays at the provider stay");
        assertThat(export().at("/customers/0/id").asText()).isEqualTo(customer);
        assertThat(grants()).isPositive();
    }

    private ConektaServer serve() {
        return ConektaServer.start(conekta.simulation(), config.api().url().orElseThrow().getPort());
    }

    private long grants() {
        return selling.database.number("SELECT count(*) FROM grants WHERE account = ?", selling.organization);
    }

    private JsonNode export() {
        return json(selling.call("GET /api/v1/polar/customer/data", List.of(), query(), "", "authorization",
                selling.owner()), 200).at("/at_provider/conekta");
    }

    private JsonNode erase(String more) {
        return json(selling.call("DELETE /api/v1/polar/customer/data", List.of(), query() + more, "", "authorization",
                selling.bearer("org_id", selling.organization, "org_role", "owner", "auth_time",
                        Instant.now().getEpochSecond())),
                202);
    }

    private JsonNode read(JsonNode erasure) {
        return json(selling.call("GET /api/v1/polar/customer/data/erasures/{erasure_id}",
                List.of(erasure.path("erasure_id").asText()), "", "", "authorization", selling.owner()), 200);
    }

    private JsonNode complete(JsonNode erasure) {
        return await().atMost(SellingClient.PATIENCE).until(() -> read(erasure),
                found -> found.path("status").asText().equals("complete"));
    }

    private String query() {
        return "?organization_id=" + selling.organization;
    }
}
