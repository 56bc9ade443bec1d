package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.sandbox.provider.Faults;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Faults injected into Polar's API.
class ApiFaultsTest {

    private final SimulatedPolar polar = new SimulatedPolar(InstantSource.fixed(Instant.parse("2026-11-03T08:00:00Z")),
            new Random(11));
    private final PolarServer server = PolarServer.start(polar);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        server.close();
        http.close();
    }

    @Test
    void tooManyRequests_answersRetryAfter_asOftenAsRequested() throws Exception {
        server.faults().next("", 2, new ApiFault.TooManyRequests(Duration.ofSeconds(7)));

        for (int i = 0; i < 2; i++) {
            HttpResponse<String> refused = get("/customers/");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).hasValue("7");
            assertThat(refused.body()).isEmpty();
        }
        assertThat(get("/customers/").statusCode()).isEqualTo(200);
        assertThat(server.requests()).containsExactly("GET /customers/");
    }

    @Test
    void fault_happensOnItsPathOnly_untilItIsCleared() throws Exception {
        server.faults().next("/subscriptions/", Faults.ALWAYS, new ApiFault.Broken(503));

        assertThat(get("/customers/").statusCode()).isEqualTo(200);
        for (int i = 0; i < 3; i++) {
            assertThat(get("/subscriptions/").statusCode()).isEqualTo(503);
        }
        server.faults().clear();
        assertThat(get("/subscriptions/").statusCode()).isEqualTo(200);
    }

    @Test
    void slowAnswer_isTheRightOne_late() throws Exception {
        server.faults().next("", 1, new ApiFault.Slow(Duration.ofMillis(300)));

        long asked = System.nanoTime();
        assertThat(get("/customers/").statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isGreaterThanOrEqualTo(Duration.ofMillis(290));
    }

    @Test
    void cutConnection_yieldsNoAnswer_orHalfOfOne() throws Exception {
        polar.exclusively(() -> polar.customers().create("org-1"));
        server.faults().next("", 1, new ApiFault.CutInTheMiddle());
        assertThatThrownBy(() -> get("/customers/")).isInstanceOf(IOException.class);

        // More than once, since clients retry a GET automatically.
        server.faults().next("", Faults.ALWAYS, new ApiFault.Cut());
        assertThatThrownBy(() -> get("/customers/")).isInstanceOf(IOException.class);
        server.faults().clear();
        assertThat(get("/customers/").statusCode()).isEqualTo(200);
    }

    @Test
    void lateCompletion_makesWhatNobodyWaitsForAnymore() {
        server.faults().next("/webhooks/endpoints", 1, new ApiFault.CompletedLate(Duration.ofMillis(200)));

        HttpRequest request = request("/webhooks/endpoints")
                .POST(BodyPublishers.ofString("{\"url\":\"https://plinto.example\",\"format\":\"raw\",\"events\":[]}"))
                .build();
        assertThatThrownBy(() -> http.send(request, BodyHandlers.ofString())).isInstanceOf(IOException.class);

        assertThat(polar.exclusively(() -> polar.webhooks().endpoints())).isEmpty();
        await().until(() -> polar.exclusively(() -> polar.webhooks().endpoints()), endpoints -> endpoints.size() == 1);
    }

    @Test
    void occasionalFaults_areTheSame_forTheSameSeed() {
        assertThat(drawn(3)).isEqualTo(drawn(3)).isNotEqualTo(drawn(4)).contains("x").contains(".");
    }

    private static String drawn(long seed) {
        Faults<String> faults = new Faults<>(new Random(seed));
        faults.sometimes("order.", 0.3, "x");
        StringBuilder drawn = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            drawn.append(faults.take("order.paid").orElse("."));
        }
        return drawn.toString();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.apiUrl() + path))
                .header("authorization", "Bearer " + PolarServer.ACCESS_TOKEN);
    }
}
