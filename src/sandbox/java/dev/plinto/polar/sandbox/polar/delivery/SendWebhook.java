package dev.plinto.polar.sandbox.polar.delivery;

import dev.plinto.polar.polar.WebhookSignature;
import dev.plinto.polar.sandbox.polar.EventLog.NextAttempt;
import dev.plinto.polar.sandbox.provider.PostWebhook;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;

/// One request to an endpoint as Polar makes it: signed for this attempt, and without following redirects.
///
/// The signature's timestamp is by the machine's clock, not Polar's: the receiver verifies it by the machine's clock.
final class SendWebhook implements AutoCloseable {

    private static final String ANOTHER_SECRET = "whsec_YW5vdGhlci1hbm90aGVyLWFub3RoZXItYW5vdGhlci0=";

    private final InstantSource machine;
    private final PostWebhook post;

    SendWebhook(InstantSource machine, Duration timeout) {
        this.machine = machine;
        post = new PostWebhook(timeout);
    }

    PostWebhook.Result send(NextAttempt next) throws InterruptedException {
        return send(next, standardSecret(next));
    }

    PostWebhook.Result sendWronglySigned(NextAttempt next) throws InterruptedException {
        return send(next, ANOTHER_SECRET);
    }

    private PostWebhook.Result send(NextAttempt next, String secret) throws InterruptedException {
        String id = next.webhookId().toString();
        byte[] body = next.payload().getBytes(StandardCharsets.UTF_8);
        long attemptedAt = machine.instant().getEpochSecond();
        return post.send(next.url(), Map.of(
                "user-agent", "polar.sh webhooks",
                "webhook-id", id,
                "webhook-timestamp", Long.toString(attemptedAt),
                "webhook-signature", WebhookSignature.sign(secret, id, attemptedAt, body),
                "webhook-api-version", next.apiVersion()), body);
    }

    /// The endpoint's key in the current secret format.
    private static String standardSecret(NextAttempt next) {
        return next.standardKey()
                ? next.secret()
                : Base64.getEncoder().encodeToString(next.secret().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        post.close();
    }
}
