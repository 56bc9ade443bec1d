package dev.plinto.polar.sandbox.conekta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import java.util.List;

/// Webhooks and the keys that sign them.
final class WebhookOperations {

    private final SimulatedConekta conekta;

    WebhookOperations(SimulatedConekta conekta) {
        this.conekta = conekta;
    }

    List<Operation> all() {
        return List.of(
                Operation.of("GET", "/webhooks",
                        request -> Listing.of(conekta, request, conekta.records().webhooks())),
                Operation.of("POST", "/webhooks", this::create),
                Operation.of("GET", "/webhooks/{id}", request -> conekta.records().webhook(request.id())),
                Operation.of("PUT", "/webhooks/{id}", this::change),
                Operation.of("DELETE", "/webhooks/{id}", this::delete),
                Operation.of("POST", "/webhooks/{id}/test", this::test),
                Operation.of("GET", "/webhook_keys",
                        request -> Listing.of(conekta, request, conekta.records().keys())),
                Operation.of("POST", "/webhook_keys", this::createKey),
                Operation.of("GET", "/webhook_keys/{id}", request -> conekta.records().key(request.id())),
                Operation.of("PUT", "/webhook_keys/{id}", this::changeKey),
                Operation.of("DELETE", "/webhook_keys/{id}", this::deleteKey));
    }

    private ObjectNode create(Request request) {
        Fields body = request.body();
        return conekta.records().webhook(conekta.webhooks().create(
                body.required("url"), body.texts("subscribed_events").orElse(List.of())));
    }

    private ObjectNode change(Request request) {
        Fields body = request.body();
        conekta.webhooks().change(request.id(), body.text("url").orElse(null),
                body.texts("subscribed_events").orElse(null), body.flag("active").orElse(null));
        return conekta.records().webhook(request.id());
    }

    private ObjectNode delete(Request request) {
        ObjectNode deleted = conekta.records().webhook(request.id());
        conekta.webhooks().delete(request.id());
        return deleted;
    }

    private ObjectNode test(Request request) {
        conekta.eventLog().ping(request.id());
        return conekta.records().webhook(request.id());
    }

    private ObjectNode createKey(Request request) {
        boolean active = request.call().body().length == 0 || request.body().flag("active").orElse(true);
        return conekta.records().key(conekta.webhooks().createKey(active));
    }

    private ObjectNode changeKey(Request request) {
        request.body().flag("active").ifPresent(active -> conekta.webhooks().setKeyActive(request.id(), active));
        return conekta.records().key(request.id());
    }

    private ObjectNode deleteKey(Request request) {
        ObjectNode deleted = conekta.records().key(request.id());
        conekta.webhooks().deleteKey(request.id());
        return deleted;
    }
}
