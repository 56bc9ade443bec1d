package dev.plinto.polar.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.Records.Shown;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.sandbox.polar.rest.PolarServer;
import dev.plinto.polar.testing.SignedDelivery;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;

/// Polar as a test plays it: with an endpoint for the service, its API behind a [Gateway], and a clock that the test
/// turns.
public final class PlayedPolar implements AutoCloseable {

    public static final String SECRET = "whsec_c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveDE=";

    private final URI webhooks;
    private volatile Instant now = Instant.parse("2026-11-01T08:00:00Z");
    public final SimulatedPolar polar;
    final PolarServer server;
    public final Gateway gateway;
    public final UUID endpoint;

    PlayedPolar(URI service) {
        this(service, 4);
    }

    /// @param merchant another one for each number
    PlayedPolar(URI service, long merchant) {
        polar = new SimulatedPolar(() -> now, new Random(merchant));
        server = PolarServer.start(polar);
        webhooks = service.resolve("/api/v1/polar/webhooks");
        gateway = new Gateway(URI.create(ConfigProvider.getConfig().getValue("polar.api.url", String.class)).getPort(),
                server.apiUrl());
        endpoint = polar.webhooks().createEndpoint(webhooks.toString(), SECRET);
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }

    /// What happens is told, delivered at once and logged.
    public void told(Runnable happens) {
        for (WebhookEvent event : emitted(happens)) {
            deliver(event);
            log(event, 202, false);
        }
    }

    /// What happens is told by events that never arrive, and Polar has given up on.
    public List<WebhookEvent> lost(Runnable happens) {
        List<WebhookEvent> events = emitted(happens);
        events.forEach(event -> log(event, 503, true));
        return events;
    }

    /// What happens while the endpoint is off: no events.
    void untold(Runnable happens) {
        polar.exclusively(() -> polar.webhooks().setEnabled(endpoint, false));
        emitted(happens);
        polar.exclusively(() -> polar.webhooks().setEnabled(endpoint, true));
    }

    void deliver(WebhookEvent event) {
        assertThat(SignedDelivery.of(event.webhookId(), event.body(), Instant.now()).send(webhooks).statusCode())
                .isEqualTo(202);
    }

    public UUID buy(String organization) {
        UUID customer = polar.customers().create(organization);
        return polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
    }

    /// The ids of all grants that are live.
    TreeSet<String> liveGrants() {
        return polar.exclusively(() -> new TreeSet<>(polar.records().grants()
                .filter(grant -> Boolean.TRUE.equals(grant.keys().get("is_granted")))
                .map(grant -> grant.id().toString()).toList()));
    }

    /// By id, the status of each subscription.
    Map<String, String> subscriptions() {
        return shown(polar.records()::subscriptions, subscription -> subscription.get("status").asText());
    }

    /// By id, what of each object is projected.
    Map<String, String> lists() {
        Map<String, String> all = new TreeMap<>();
        all.putAll(shown(polar.records()::customers, customer -> customer.get("external_id").toString()));
        all.putAll(shown(polar.records()::subscriptions, subscription -> fields(subscription, "/customer_id",
                "/product_id", "/status", "/cancel_at_period_end", "/current_period_start", "/current_period_end",
                "/trial_end", "/ends_at", "/ended_at", "/seats", "/amount", "/currency", "/recurring_interval",
                "/product/name", "/product/metadata", "/metadata/organization_id")));
        all.putAll(shown(polar.records()::grants, grant -> fields(grant, "/is_granted", "/granted_at", "/customer_id",
                "/subscription_id", "/order_id", "/member_id", "/benefit_id", "/benefit/type", "/benefit/description",
                "/benefit/metadata/feature")));
        return all;
    }

    private static String fields(JsonNode object, String... pointers) {
        return Stream.of(pointers).map(object::at).toList().toString();
    }

    private Map<String, String> shown(Supplier<Stream<Shown>> records, Function<JsonNode, String> part) {
        return polar.exclusively(() -> {
            Map<String, String> shown = new TreeMap<>();
            records.get().forEach(one -> shown.put(one.id().toString(), part.apply(one.json().get())));
            return shown;
        });
    }

    private List<WebhookEvent> emitted(Runnable happens) {
        return polar.exclusively(() -> {
            polar.takeEvents();
            happens.run();
            return polar.takeEvents();
        });
    }

    private void log(WebhookEvent event, int status, boolean last) {
        polar.exclusively(() -> polar.eventLog().attempted(UUID.fromString(event.webhookId()), status, "", last));
    }

    @Override
    public void close() {
        gateway.close();
        server.close();
    }
}
