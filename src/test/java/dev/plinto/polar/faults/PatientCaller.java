package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PackagedService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Sends each request with its key, to any replica, until it is answered for good: as the documentation tells callers.
final class PatientCaller {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int SERVER_ERROR = 500;

    private final Supplier<PackagedService> replicas;
    private final String token;

    /// @param replicas the one that gets the next request; it may be dead
    PatientCaller(Supplier<PackagedService> replicas, String token) {
        this.replicas = replicas;
        this.token = token;
    }

    /// Answered for good, after so many sendings.
    record Answer(int status, JsonNode body, int sendings) {}

    Answer post(String path, String key, String body) {
        Random pauses = new Random(key.hashCode());
        long until = System.nanoTime() + PATIENCE.toNanos();
        for (int sendings = 1; System.nanoTime() < until; sendings++) {
            try {
                HttpResponse<String> answer = HTTP.send(request(path, key, body), BodyHandlers.ofString());
                if (!asksToTryAgain(answer)) {
                    return new Answer(answer.statusCode(), JSON.readTree(answer.body()), sendings);
                }
            } catch (IOException gone) {
                // the replica was killed; another one may answer
            } catch (InterruptedException stopping) {
                throw new IllegalStateException(stopping);
            }
            LockSupport.parkNanos(Duration.ofMillis(200 + pauses.nextInt(600)).toNanos());
        }
        throw new AssertionError(path + " with the key " + key + " was not answered");
    }

    JsonNode get(String path) {
        HttpResponse<String> answer = replicas.get().get(path, token);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
        try {
            return JSON.readTree(answer.body());
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    private static boolean asksToTryAgain(HttpResponse<String> answer) {
        return answer.statusCode() >= SERVER_ERROR || answer.headers().firstValue("retry-after").isPresent();
    }

    private HttpRequest request(String path, String key, String body) {
        return HttpRequest.newBuilder(URI.create(replicas.get().baseUrl() + path)).timeout(TIMEOUT)
                .header("authorization", "Bearer " + token).header("content-type", "application/json")
                .header("idempotency-key", key).POST(BodyPublishers.ofString(body)).build();
    }
}
