package dev.plinto.polar.privacy;

import static dev.plinto.polar.billing.SellingClient.json;
import static dev.plinto.polar.billing.SellingClient.with;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.billing.SellingClient;
import dev.plinto.polar.billing.SellingStack;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Export and erasure over real HTTP, broker and database, at the simulated Polar.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class CustomerDataTest {

    private static final String DATA = "/api/v1/polar/customer/data?organization_id=";

    @TestHTTPResource("/")
    URI service;

    private SellingClient selling;
    private String email;

    @BeforeEach
    void buy() {
        selling = new SellingClient(service);
        String subscription = selling.subscription("purchase");
        email = selling.polar("/subscriptions/" + subscription).at("/customer/email").asText();
    }

    @Test
    void export_hasWhatIsHeld_roomByRoom() {
        JsonNode document = json(selling.send("GET", DATA + selling.organization, "", with(selling.owner())), 200);

        assertThat(document.at("/held/projection/subscriptions")).hasSize(1);
        assertThat(document.at("/held/projection/payloads").toString()).contains(email);
        assertThat(document.at("/organization_id").asText()).isEqualTo(selling.organization);
        assertThat(selling.trail()).contains("export_data", "exported ");
    }

    @Test
    void liveSubscription_isEndedOnlyIfAsked() {
        assertProblem(erase(""), 409, "live-subscription", "subscription_ids");
    }

    @Test
    void erasure_leavesNothingPersonal() {
        JsonNode plan = json(erase("&dry_run=true"), 200);
        assertThat(plan.at("/rows").toString()).contains("payloads");

        JsonNode accepted = json(erase("&cancel=true"), 202);

        String path = "/api/v1/polar/customer/data/erasures/" + accepted.path("erasure_id").asText();
        await().atMost(SellingClient.PATIENCE).until(() -> json(selling.send("GET", path, "", with(selling.owner())),
                200), erasure -> erasure.path("status").asText().equals("complete"));
        JsonNode document = json(selling.send("GET", DATA + selling.organization, "", with(selling.owner())), 200);
        assertThat(document.at("/held").toString()).doesNotContain(email);
    }

    private HttpResponse<String> erase(String more) {
        return selling.send("DELETE", DATA + selling.organization + more, "", with(selling.bearer("org_id",
                selling.organization, "org_role", "owner", "auth_time", Instant.now().getEpochSecond())));
    }
}
