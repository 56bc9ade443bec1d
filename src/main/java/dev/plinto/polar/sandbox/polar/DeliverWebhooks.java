package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.polar.WebhookSignature;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// Delivers events to this service as Polar does on a first attempt: over HTTP, signed, one at a time and in order,
/// with ten seconds for an answer, and no redirect followed. It makes no second attempt.
@ApplicationScoped
class DeliverWebhooks {

    private static final Logger LOG = Logger.getLogger(DeliverWebhooks.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String SANDBOX_SECRET = "whsec_c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveDE=";

    private final InstantSource clock;
    private final String secret;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    DeliverWebhooks(
            InstantSource clock,
            @ConfigProperty(name = "polar.webhook.secret", defaultValue = SANDBOX_SECRET) List<String> secrets) {
        this.clock = clock;
        this.secret = secrets.getFirst().strip();
    }

    /// To the service on this port of this machine. Returns when each of them has been answered, or has waited long
    /// enough.
    List<Delivery> deliver(List<WebhookEvent> events, int port) throws InterruptedException {
        URI endpoint = URI.create("http://127.0.0.1:" + port + "/api/v1/polar/webhooks");
        List<Delivery> deliveries = new ArrayList<>();
        for (WebhookEvent event : events) {
            deliveries.add(new Delivery(event.webhookId(), event.type(), send(endpoint, event)));
        }
        return deliveries;
    }

    @PreDestroy
    void stop() {
        client.shutdownNow();
    }

    private Integer send(URI endpoint, WebhookEvent event) throws InterruptedException {
        byte[] body = event.body();
        long attemptedAt = clock.instant().getEpochSecond();
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .timeout(PATIENCE)
                .header("user-agent", "polar.sh webhooks")
                .header("content-type", "application/json")
                .header("webhook-id", event.webhookId())
                .header("webhook-timestamp", Long.toString(attemptedAt))
                .header("webhook-signature", WebhookSignature.sign(secret, event.webhookId(), attemptedAt, body))
                .header("webhook-api-version", Emissions.API_VERSION)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            LOG.warnf("The sandbox's Polar got no answer for %s %s: %s", event.type(), event.webhookId(), e);
            return null;
        }
    }

    /// `status` is the HTTP status of the answer; null when none came.
    @JsonNaming(SnakeCaseStrategy.class)
    record Delivery(String webhookId, String type, Integer status) {}
}
