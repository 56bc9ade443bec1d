package dev.plinto.polar.ingress;

import dev.plinto.polar.Problem;
import dev.plinto.polar.Verdict;
import dev.plinto.polar.WebhookDialect;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/// The answers to deliveries that are refused. Polar shows the first 2,048 characters to the merchant, so each answer
/// says what to check.
final class IngressProblems {

    private final IngressConfig config;

    IngressProblems(IngressConfig config) {
        this.config = config;
    }

    /// Nothing of the delivery is read.
    static Problem off(WebhookDialect dialect) {
        return new Problem("provider-off", 404, "This service does not receive the provider's deliveries",
                dialect.switchedOnBy()
                        + " is not set, so nothing was read. Set it as docs/providers.md says, or delete "
                        + "the webhook at the provider.");
    }

    static Response malformed(Verdict.Malformed malformed, WebhookDialect dialect) {
        return new Problem("webhook-headers-malformed", 401, "The signature headers are malformed",
                malformed.problem() + ". " + dialect.formOfHeaders())
                .response();
    }

    static Response stale(Verdict.Stale stale) {
        return new Problem("webhook-timestamp-stale", 401, "The webhook timestamp is off by more than 300 s",
                "webhook-timestamp is " + Math.abs(stale.age().toSeconds()) + " s in the "
                        + (stale.age().isNegative() ? "future" : "past")
                        + "; at most 300 s are accepted. Check the clocks of both sides, or sign again.")
                .response();
    }

    static Problem incomplete() {
        return new Problem("webhook-body-incomplete", 400, "The body is incomplete",
                "The connection closed before the end of the body, or the client sends too many bodies that are "
                        + "not whole. Deliver it again.");
    }

    static Response bad(WebhookDialect dialect) {
        return new Problem("webhook-signature-mismatch", 401, "The signature matches no accepted secret",
                dialect.whatToCheck())
                .response();
    }

    Problem tooLarge() {
        return new Problem("webhook-body-too-large", 413, "The body is too large",
                "The limit is " + config.webhook().maxBody().asLongValue()
                        + " bytes; polar.webhook.max-body raises it.");
    }

    Response.ResponseBuilder notDurable() {
        return new Problem("not-durable", 503, "The delivery could not be stored",
                "Deliver it again with the same webhook-id; if this attempt was stored after all, the event still "
                        + "counts once.")
                .responseBuilder()
                .header(HttpHeaders.RETRY_AFTER, config.ingress().retryAfter().toSeconds());
    }
}
