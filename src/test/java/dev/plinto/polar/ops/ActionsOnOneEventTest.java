package dev.plinto.polar.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.ParkedRows;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an operator does with one event is in the trail of the organization whose event it is.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ActionsOnOneEventTest extends AsOperator {

    private final ParkedRows parked = new ParkedRows();
    private final String organization = "org-" + UUID.randomUUID();

    @AfterEach
    void tidyUp() {
        parked.forget();
    }

    @Test
    void replayAndDiscard_areInTheTrailOfTheOrganizationThatTheBodyNames_withoutTheReason() throws Exception {
        String replayed = parked.park("failed", 0, naming(organization));
        String discarded = parked.park("failed", 0, naming(organization));

        operator.post("parked/" + replayed + "/replay");
        operator.post("parked/" + discarded + "/discard", "{\"reason\":\"secret of the operators\"}");

        List<JsonNode> trail = trail();
        assertThat(trail).extracting(entry -> entry.get("action").textValue(), entry -> entry.get("target").textValue())
                .containsExactly(tuple("discard_parked", discarded), tuple("replay_parked", replayed));
        assertThat(trail.toString()).doesNotContain("secret of the operators");
    }

    @Test
    void discard_isInTheTrailOfTheOrganizationOfTheEventsCustomer() throws Exception {
        String customer = "customer-" + UUID.randomUUID();
        database.execute("INSERT INTO customers (id, external_id) VALUES (?, ?)", customer, organization);
        String discarded = parked.park("failed");
        database.execute("UPDATE parked SET subject = ? WHERE webhook_id = ?", customer, discarded);

        operator.post("parked/" + discarded + "/discard", "{\"reason\":\"a test\"}");

        assertThat(trail()).extracting(entry -> entry.get("target").textValue()).containsExactly(discarded);
    }

    @ParameterizedTest
    @CsvSource({"other_merchant, 1", "failed, 2"})
    void eventOfAnotherMerchant_orOfSeveralOrganizations_isInNoTrail(String reason, int organizations)
            throws Exception {
        String named = naming(organization);
        String discarded = parked.park(reason, 0, organizations == 1
                ? named
                : named.replace("}}}", "},\"x\":" + naming("org-other") + "}}"));

        assertThat(operator.post("parked/" + discarded + "/discard", "{\"reason\":\"a test\"}").statusCode())
                .isEqualTo(200);

        assertThat(trail()).isEmpty();
    }

    private String naming(String named) {
        return "{\"type\":\"%s\",\"data\":{\"customer\":{\"external_id\":\"%s\"}}}".formatted(parked.type(), named);
    }

    private List<JsonNode> trail() throws IOException, InterruptedException {
        String body = OwnThreads.httpClient().send(HttpRequest.newBuilder(
                service.resolve("/api/v1/polar/audit?organization_id=" + organization))
                .header("authorization", "Bearer " + new PlintoTokens(service)
                        .of("org_id", organization, "org_role", "owner"))
                .build(), BodyHandlers.ofString()).body();
        List<JsonNode> items = new ArrayList<>();
        new ObjectMapper().readTree(body).get("items").forEach(items::add);
        return items;
    }
}
