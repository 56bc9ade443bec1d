package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Everything that Polar's lists and single reads show, oldest first, as of now. What was only thought of in the world
/// of the simulation, such as the endpoint of an event, is not shown.
public final class Records {

    private final World world;
    private final Payloads payloads;

    Records(World world, Payloads payloads) {
        this.world = world;
        this.payloads = payloads;
    }

    public Stream<Shown> subscriptions() {
        return world.subscriptions.values().stream().map(subscription -> new Shown(
                subscription.id,
                keys("customer_id", subscription.customerId,
                        "external_customer_id", world.customers.get(subscription.customerId).externalId,
                        "product_id", subscription.productId,
                        "status", subscription.status.toString(),
                        "cancel_at_period_end", subscription.cancelAtPeriodEnd,
                        "started_at", subscription.startedAt,
                        "current_period_end", subscription.currentPeriodEnd,
                        "ends_at", subscription.endsAt,
                        "ended_at", subscription.endedAt,
                        "amount", subscription.amount),
                () -> payloads.subscription(subscription)));
    }

    /// Those that were revoked as well.
    public Stream<Shown> grants() {
        return world.grants.values().stream().map(grant -> new Shown(
                grant.id,
                keys("customer_id", grant.customerId,
                        "external_customer_id", world.customers.get(grant.customerId).externalId,
                        "is_granted", grant.isGranted ? Boolean.TRUE : grant.isRevoked ? Boolean.FALSE : null,
                        "created_at", grant.createdAt,
                        "granted_at", grant.grantedAt,
                        "revoked_at", grant.revokedAt),
                () -> payloads.grant(grant).without("previous_properties")));
    }

    /// Without those that were deleted.
    public Stream<Shown> customers() {
        return world.customers.values().stream()
                .filter(customer -> customer.deletedAt == null)
                .map(customer -> new Shown(
                        customer.id,
                        keys("email", customer.email, "name", customer.name, "created_at", customer.createdAt),
                        () -> payloads.customer(customer.id)));
    }

    public Stream<Shown> endpoints() {
        return world.endpoints.values().stream().map(endpoint -> new Shown(
                endpoint.id,
                keys("organization_id", endpoint.organizationId, "created_at", endpoint.createdAt),
                () -> SimulatedJson.MAPPER.valueToTree(endpoint)));
    }

    /// One for each attempt, with the event that it carried. An event that was never attempted is nowhere to be seen.
    public Stream<Shown> deliveries() {
        return world.deliveries.stream().map(delivery -> {
            StoredEvent event = world.events.get(delivery.eventId());
            return new Shown(
                    delivery.id(),
                    keys("endpoint_id", event.endpointId,
                            "created_at", delivery.createdAt(),
                            "succeeded", delivery.succeeded(),
                            "http_code", delivery.httpCode(),
                            "event_id", event.id,
                            "event_type", event.type),
                    () -> delivery(delivery, event));
        });
    }

    private static ObjectNode delivery(StoredDelivery delivery, StoredEvent event) {
        ObjectNode node = SimulatedJson.MAPPER.valueToTree(delivery);
        ObjectNode told = SimulatedJson.MAPPER.valueToTree(event);
        node.remove("event_id");
        node.set("webhook_event", told.without(List.of("endpoint_id", "attempts")));
        return node;
    }

    private static Map<String, Comparable<?>> keys(Object... namesAndValues) {
        Map<String, Comparable<?>> keys = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            keys.put((String) namesAndValues[i], (Comparable<?>) namesAndValues[i + 1]);
        }
        return keys;
    }

    /// An object with what it is found and sorted by; written as JSON only where it is on the page that was asked for.
    public record Shown(UUID id, Map<String, Comparable<?>> keys, Supplier<ObjectNode> json) {}
}
