package dev.plinto.polar.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.MetricsDelta;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class CountProblemsTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TestHTTPResource("/")
    URI service;

    @Test
    void answersThatAreProblems_areCountedByType_andOthersAreNot() throws Exception {
        assertThat(get("/api/v1/polar/subscriptions")).isEqualTo(401);
        assertThat(get("/nowhere")).isEqualTo(404);
        MetricsDelta measured = MetricsDelta.whenIdle(service);

        assertThat(get("/api/v1/polar/subscriptions")).isEqualTo(401);
        assertThat(get("/api/v1/polar/subscriptions")).isEqualTo(401);
        assertThat(get("/nowhere")).isEqualTo(404);
        assertThat(get("/q/openapi")).isEqualTo(200);

        measured.assertIncrease(2, "polar_problems_total", "type=token-not-accepted");
        measured.assertIncrease(1, "polar_problems_total", "type=http-404");
        measured.assertIncrease(0, "polar_problems_total", "type=internal-error");
    }

    private int get(String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(service.resolve(path)).build(), BodyHandlers.discarding()).statusCode();
    }
}
