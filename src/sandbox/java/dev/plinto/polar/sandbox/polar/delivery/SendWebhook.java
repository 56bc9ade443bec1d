package dev.plinto.polar.sandbox.polar.delivery;

import dev.plinto.polar.polar.WebhookSignature;
import dev.plinto.polar.sandbox.polar.EventLog.Parcel;
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

/// One request to an endpoint, as Polar makes it: signed for this attempt, and no redirect followed.
///
/// The timestamp in the signature is the machine's, whatever Polar's clock shows: who verifies it has that clock too.
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

    Result send(Parcel parcel) throws InterruptedException {
        return send(parcel, standardSecret(parcel));
    }

    Result sendWronglySigned(Parcel parcel) throws InterruptedException {
        return send(parcel, ANOTHER_SECRET);
    }

    private Result send(Parcel parcel, String secret) throws InterruptedException {
        String id = parcel.webhookId().toString();
        byte[] body = parcel.payload().getBytes(StandardCharsets.UTF_8);
        long attemptedAt = machine.instant().getEpochSecond();
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(parcel.url()))
                    .timeout(timeout)
                    .header("user-agent", "polar.sh webhooks")
                    .header("content-type", "application/json")
                    .header("webhook-id", id)
                    .header("webhook-timestamp", Long.toString(attemptedAt))
                    .header("webhook-signature", WebhookSignature.sign(secret, id, attemptedAt, body))
                    .header("webhook-api-version", parcel.apiVersion())
                    .POST(BodyPublishers.ofByteArray(body))
                    .build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            return new Result(answer.statusCode(), answer.body());
        } catch (IOException | IllegalArgumentException e) {
            return new Result(null, e.toString());
        }
    }

    /// A secret that stands for the same key as this endpoint's, in the form of today.
    private static String standardSecret(Parcel parcel) {
        return parcel.standardKey()
                ? parcel.secret()
                : Base64.getEncoder().encodeToString(parcel.secret().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /// `status` is null where no answer came; `response` then says why.
    record Result(Integer status, String response) {

        boolean succeeded() {
            return status != null && status / 100 == 2;
        }
    }
}
