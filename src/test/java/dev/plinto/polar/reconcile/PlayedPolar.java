package dev.plinto.polar.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.sandbox.polar.ListedObject;
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

/// A simulated Polar that a test controls: with an endpoint for the service, its API behind a [Gateway], and a clock.
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

    /// @param merchant each number is another merchant
    PlayedPolar(URI service, long merchant) {
        polar = new SimulatedPolar(() -> now, new Random(merchant));
        server = PolarServer.start(polar);
        webhooks = service.resolve("/api/v1/polar/webhooks");
        gateway = new Gateway(URI.create(ConfigProvider.getConfig().getValue("polar.api.url", String.class)).getPort(),
                server.apiUrl());
        endpoint = polar.webhooks().createEndpoint(webhooks.toString(), SECRET);
    }

    public void advanceClock(Duration time) {
        now = now.plus(time);
    }

    /// Runs an action; its events are delivered at once and logged.
    public void delivered(Runnable action) {
        for (WebhookEvent event : emitted(action)) {
            deliver(event);
            log(event, 202, false);
        }
    }

    /// Runs an action; its events never arrive, and Polar has given them up.
    public List<WebhookEvent> lost(Runnable action) {
        List<WebhookEvent> events = emitted(action);
        events.forEach(event -> log(event, 503, true));
        return events;
    }

    /// Runs an action while the endpoint is off: no events are created.
    void withoutEvents(Runnable action) {
        polar.exclusively(() -> polar.webhooks().setEnabled(endpoint, false));
        emitted(action);
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

    /// The ids of all live grants.
    TreeSet<String> liveGrants() {
        return polar.exclusively(() -> new TreeSet<>(polar.records().grants()
                .filter(grant -> Boolean.TRUE.equals(grant.keys().get("is_granted")))
                .map(grant -> grant.id().toString()).toList()));
    }

    /// The ids of all objects of a kind that is only read.
    TreeSet<String> ids(Kind kind) {
        return polar.exclusively(() -> new TreeSet<>((switch (kind) {
            case ORDER -> polar.records().orders();
            case CHECKOUT -> polar.records().checkouts();
            case PRODUCT -> polar.records().products();
            case SEAT -> polar.records().seats();
            default -> throw new IllegalArgumentException(kind.wireName());
        }).map(object -> object.id().toString()).toList()));
    }

    /// The status of each subscription, by id.
    Map<String, String> subscriptions() {
        return shown(polar.records()::subscriptions, subscription -> subscription.get("status").asText());
    }

    /// The projected fields of each object, by id.
    Map<String, String> projectedFields() {
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

    private Map<String, String> shown(Supplier<Stream<ListedObject>> records, Function<JsonNode, String> part) {
        return polar.exclusively(() -> {
            Map<String, String> shown = new TreeMap<>();
            records.get().forEach(object -> shown.put(object.id().toString(), part.apply(object.json().get())));
            return shown;
        });
    }

    private List<WebhookEvent> emitted(Runnable action) {
        return polar.exclusively(() -> {
            polar.takeEvents();
            action.run();
            return polar.takeEvents();
        });
    }

    private void log(WebhookEvent event, int status, boolean last) {
        polar.exclusively(() -> polar.eventLog().recordAttempt(UUID.fromString(event.webhookId()), status, "", last));
    }

    @Override
    public void close() {
        gateway.close();
        server.close();
    }
}
