package dev.plinto.polar.contract;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.BehindAProxy;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Calls that read what no list of Polar's has told yet, at a service that has not seen any.
@QuarkusTest
@TestProfile(BehindAProxy.class) // whose other classes come later: what was ready once stays so
class NotReadyTest {

    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final Database DATABASE = Database.ofSandbox();

    @TestHTTPResource("/")
    URI service;

    @BeforeEach
    void subscribe() {
        DATABASE.execute("DELETE FROM reconciliation_lists");
        DATABASE.execute("INSERT INTO subscriptions (id, account) VALUES ('not-ready', 'org-1')");
    }

    @AfterEach
    void forget() {
        DATABASE.execute("DELETE FROM subscriptions WHERE id = 'not-ready'");
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/polar/products, ''", "/api/v1/polar/orders, ?organization_id=org-1",
            "/api/v1/polar/usage, ?organization_id=org-1",
            "/api/v1/polar/subscriptions/{subscription_id}/seats, ''", "/api/v1/polar/orders/{order_id}/invoice, ''",
            "/api/v1/polar/entitlements, ?organization_id=org-1&user_id=usr_1",
            "/api/v1/polar/entitlements, ?organization_id=org-1&member_id=m"})
    void call_isNotReady_ratherThanEmpty(String path, String query) {
        HttpResponse<String> answer = HTTP.sendAsync(HttpRequest
                .newBuilder(service.resolve(path.replaceAll("\\{.*}", "not-ready") + query))
                .header("authorization", "Bearer " + new PlintoTokens(service).service("billing:read")).build(),
                BodyHandlers.ofString()).join();

        assertProblem(answer, 503, "not-ready");
        assertThat(new OpenApi().faults("GET " + path, answer)).isEmpty();
    }
}
