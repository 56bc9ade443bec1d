package dev.plinto.polar.sandbox.conekta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.conekta.Refusal;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import java.util.List;

final class EventOperations {

    private final SimulatedConekta conekta;

    EventOperations(SimulatedConekta conekta) {
        this.conekta = conekta;
    }

    List<Operation> all() {
        return List.of(
                Operation.of("GET", "/events",
                        request -> Listing.of(conekta, request, conekta.records().events())),
                Operation.of("GET", "/events/{id}", request -> conekta.records().event(request.id())),
                Operation.of("POST", "/events/{event_id}/resend", this::resend));
    }

    /// Answered with the log of the delivery to the last of the webhooks.
    private ObjectNode resend(Request request) {
        Fields body = request.body();
        List<String> webhooks = body.texts("webhooks_ids").filter(ids -> !ids.isEmpty())
                .orElseThrow(() -> Refusal.invalid("webhooks_ids", "webhooks_ids is required"));
        String event = request.path("event_id");
        webhooks.forEach(conekta.records()::webhook);
        webhooks.forEach(webhook -> conekta.eventLog().resend(event, webhook));
        return conekta.records().log(event, webhooks.getLast());
    }
}
