package dev.plinto.polar.access;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.Operator;
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
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ReadGrantsTest {

    private static final HttpClient HTTP = OwnThreads.httpClient();

    @TestHTTPResource("/")
    URI service;

    private final Database database = Database.ofSandbox();
    private final String organization = "org-" + UUID.randomUUID();

    @AfterEach
    void removeGrants() {
        database.execute("DELETE FROM grants WHERE account IN (?, 'other-' || ?)", organization, organization);
    }

    /// In the order of Java's texts, in which upper case comes first.
    @Test
    void grants_areListedByPages() {
        give("g-2", organization, "exports");
        give("g-1", organization, "exports");
        give("G-3", organization, "exports");
        give("g-4", organization, "support");
        give("g-5", "other-" + organization, "exports");

        JsonNode first = page("");
        JsonNode second = page("&cursor=" + first.get("next_cursor").textValue());

        assertThat(first.get("items").findValuesAsText("grant_id")).containsExactly(id("G-3"), id("g-1"));
        assertThat(second.get("items").findValuesAsText("grant_id")).containsExactly(id("g-2"));
        assertThat(second.get("next_cursor").isNull()).isTrue();
    }

    @Test
    void invalidParameters_areRefused() {
        assertProblem(get("&benefit_id=exports&limit=501"), 400, "parameter-invalid");
        assertProblem(get("&benefit_id=exports&cursor=%00"), 400, "parameter-invalid");
        assertProblem(get(""), 400, "parameter-missing");
    }

    private void give(String grant, String account, String benefit) {
        database.execute("INSERT INTO grants (id, customer_id, benefit_id, account) VALUES (?, 'c', ?, ?)", id(grant),
                benefit, account);
    }

    private String id(String grant) {
        return grant + "-" + organization;
    }

    private JsonNode page(String cursor) {
        HttpResponse<String> answer = get("&benefit_id=exports&limit=2" + cursor);
        assertThat(answer.statusCode()).isEqualTo(200);
        return Operator.json(answer);
    }

    private HttpResponse<String> get(String more) {
        String token = new PlintoTokens(service).of("org_id", organization);
        return HTTP.sendAsync(HttpRequest.newBuilder(service.resolve(
                "/api/v1/polar/entitlements/grants?organization_id=" + organization + more))
                .header("authorization", "Bearer " + token).build(), BodyHandlers.ofString()).join();
    }
}
