package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.BusinessFault;
import dev.plinto.polar.sandbox.polar.Cancellations.Reason;
import dev.plinto.polar.sandbox.polar.ListedObject;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/// Changes of subscriptions; [Collection] lists and reads them.
final class SubscriptionOperations {

    private final SimulatedPolar polar;
    private final SubscriptionChange changes;

    SubscriptionOperations(SimulatedPolar polar) {
        this.polar = polar;
        changes = new SubscriptionChange(polar);
    }

    List<Operation> all() {
        return List.of(
                Operation.of("POST", "/subscriptions/", this::create),
                Operation.of("PATCH", "/subscriptions/{id}", this::update),
                Operation.of("DELETE", "/subscriptions/{id}", this::revoke));
    }

    private Answer create(Request request) {
        Body body = request.onlyWith().body().require("product_id");
        Optional<UUID> product = body.id("product_id");
        Optional<UUID> customer = body.id("customer_id");
        Optional<String> external = body.text("external_customer_id");
        if (!body.node("customer_id").isTextual() && external.isEmpty()) {
            body.require("customer_id");
        }
        Map<String, Object> metadata = body.metadata("metadata").orElse(Map.of());
        body.check();
        polar.subscribeForFree().check(product.orElseThrow());
        UUID created = polar.subscribeForFree().subscribe(
                customer(body, customer, external), product.orElseThrow(), metadata);
        return Answer.created(json(created));
    }

    private UUID customer(Body body, Optional<UUID> id, Optional<String> external) {
        String field = id.isPresent() ? "customer_id" : "external_customer_id";
        Predicate<ListedObject> wanted = id.isPresent()
                ? listed -> listed.id().equals(id.get())
                : listed -> external.orElseThrow().equals(listed.keys().get("external_id"));
        return polar.records().customers().filter(wanted).findFirst()
                .orElseThrow(() -> InvalidRequest.rule(
                        "Customer does not exist.", body.node(field), "body", field))
                .id();
    }

    private Answer update(Request request) {
        Body body = request.onlyWith().body();
        SubscriptionChange.Change change = changes.read(body);
        UUID subscription = unlocked(request);
        change.to(subscription);
        return Answer.ok(json(subscription));
    }

    private Answer revoke(Request request) {
        UUID subscription = unlocked(request.onlyWith());
        polar.cancellations().revoke(subscription, Reason.NONE);
        return Answer.ok(json(subscription));
    }

    private UUID unlocked(Request request) {
        UUID subscription = request.id("id");
        json(subscription);
        polar.faults().refuse(subscription, BusinessFault.SUBSCRIPTION_LOCKED);
        return subscription;
    }

    private JsonNode json(UUID subscription) {
        return Single.of(polar.records().subscriptions(), subscription);
    }
}
