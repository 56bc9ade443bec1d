package dev.plinto.polar.sandbox.polar.delivery;

import dev.plinto.polar.polar.WebhookSignature;
import dev.plinto.polar.sandbox.polar.EventLog.NextAttempt;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;

/// One request to an endpoint as Polar makes it: signed for this attempt, and without following redirects.
///
/// The signature's timestamp is by the machine's clock, not Polar's: the receiver verifies it by the machine's clock.
final class SendWebhook implements AutoCloseable {

    private static final String ANOTHER_SECRET = "whsec_YW5vdGhlci1hbm90aGVyLWFub3RoZXItYW5vdGhlci0=";

    private final InstantSource machine;
    private final Duration timeout;
    private final HttpClient client;

    SendWebhook(InstantSource machine, Duration timeout) {
        this.machine = machine;
        this.timeout = timeout;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    Result send(NextAttempt next) throws InterruptedException {
        return send(next, standardSecret(next));
    }

    Result sendWronglySigned(NextAttempt next) throws InterruptedException {
        return send(next, ANOTHER_SECRET);
    }

    private Result send(NextAttempt next, String secret) throws InterruptedException {
        String id = next.webhookId().toString();
        byte[] body = next.payload().getBytes(StandardCharsets.UTF_8);
        long attemptedAt = machine.instant().getEpochSecond();
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(next.url()))
                    .timeout(timeout)
                    .header("user-agent", "polar.sh webhooks")
                    .header("content-type", "application/json")
                    .header("webhook-id", id)
                    .header("webhook-timestamp", Long.toString(attemptedAt))
                    .header("webhook-signature", WebhookSignature.sign(secret, id, attemptedAt, body))
                    .header("webhook-api-version", next.apiVersion())
                    .POST(BodyPublishers.ofByteArray(body))
                    .build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            return new Result(answer.statusCode(), answer.body());
        } catch (IOException | IllegalArgumentException e) {
            return new Result(null, e.toString());
        }
    }

    /// The endpoint's key in the current secret format.
    private static String standardSecret(NextAttempt next) {
        return next.standardKey()
                ? next.secret()
                : Base64.getEncoder().encodeToString(next.secret().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /// `status` is null if no answer came; `response` is then the reason.
    record Result(Integer status, String response) {

        boolean succeeded() {
            return status != null && status / 100 == 2;
        }
    }
}
