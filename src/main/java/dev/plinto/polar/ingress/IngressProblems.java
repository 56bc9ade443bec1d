package dev.plinto.polar.ingress;

import dev.plinto.polar.Problem;
import dev.plinto.polar.polar.WebhookSignature.Verdict;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/// What a delivery that is not taken is answered. Polar shows the first 2,048 characters to the merchant, so each says
/// what to look at.
final class IngressProblems {

    private final IngressConfig config;

    IngressProblems(IngressConfig config) {
        this.config = config;
    }

    static Response malformed(Verdict.Malformed malformed) {
        return new Problem("webhook-headers-malformed", 401, "The signature headers are not of the standard's form",
                malformed.problem() + ". Deliveries carry webhook-id, webhook-timestamp and webhook-signature, "
                        + "once each, as Standard Webhooks defines them.")
                .response();
    }

    static Response stale(Verdict.Stale stale) {
        return new Problem("webhook-timestamp-stale", 401, "The delivery was signed at another time",
                "webhook-timestamp is " + Math.abs(stale.age().toSeconds()) + " s in the "
                        + (stale.age().isNegative() ? "future" : "past")
                        + "; at most 300 s are accepted. Check the clocks of both sides, or sign again.")
                .response();
    }

    static Problem cutOff() {
        return new Problem("webhook-body-incomplete", 400, "The body ended early",
                "The connection was closed before all of the body had come, or it took longer than "
                        + BoundedBody.READING.toSeconds() + " s. Deliver it again.");
    }

    static Response bad() {
        return new Problem("webhook-signature-mismatch", 401, "No accepted secret explains the signature",
                "The signature is over the raw body as it was sent: check that nothing on the way changes it, and that "
                        + "POLAR_WEBHOOK_SECRET holds the endpoint's current secret, prefix included.")
                .response();
    }

    Problem tooLarge() {
        return new Problem("webhook-body-too-large", 413, "The body is larger than this endpoint takes",
                "At most " + config.webhook().maxBody().asLongValue() + " bytes are taken; polar.webhook.max-body "
                        + "raises it.");
    }

    Response.ResponseBuilder notDurable() {
        return new Problem("not-durable", 503, "The delivery could not be made durable",
                "Deliver it again with the same webhook-id; should this attempt have arrived after all, it still "
                        + "counts once.")
                .responseBuilder()
                .header(HttpHeaders.RETRY_AFTER, config.ingress().retryAfter().toSeconds());
    }
}
