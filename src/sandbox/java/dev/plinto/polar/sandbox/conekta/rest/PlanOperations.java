package dev.plinto.polar.sandbox.conekta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.conekta.Plans.PlanTerms;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import java.util.List;

final class PlanOperations {

    private final SimulatedConekta conekta;

    PlanOperations(SimulatedConekta conekta) {
        this.conekta = conekta;
    }

    List<Operation> all() {
        return List.of(
                Operation.of("GET", "/plans", request -> Listing.of(conekta, request, conekta.records().plans())),
                Operation.of("POST", "/plans", this::create),
                Operation.of("GET", "/plans/{id}", request -> conekta.records().plan(request.id())),
                Operation.of("PUT", "/plans/{id}", this::change),
                Operation.of("DELETE", "/plans/{id}", this::delete));
    }

    private ObjectNode create(Request request) {
        Fields body = request.body();
        return conekta.records().plan(conekta.plans().create(new PlanTerms(
                body.text("id").orElse(null), body.required("name"), body.requiredNumber("amount"),
                body.text("currency").orElse("MXN"), body.required("interval"),
                body.requiredSmall("frequency"), body.small("trial_period_days").orElse(null),
                body.small("expiry_count").orElse(null), body.small("max_retries").orElse(null),
                body.small("retry_delay_hours").orElse(null))));
    }

    private ObjectNode change(Request request) {
        Fields body = request.body();
        PlanTerms old = conekta.plans().terms(request.id());
        conekta.plans().change(request.id(), new PlanTerms(
                old.id(), body.text("name").orElse(old.name()), body.number("amount").orElse(old.amount()),
                body.text("currency").orElse(old.currency()), body.text("interval").orElse(old.interval()),
                body.small("frequency").orElse(old.frequency()),
                body.small("trial_period_days").orElse(old.trialPeriodDays()),
                body.small("expiry_count").orElse(old.expiryCount()),
                body.small("max_retries").orElse(old.maxRetries()),
                body.small("retry_delay_hours").orElse(old.retryDelayHours())));
        return conekta.records().plan(request.id());
    }

    private ObjectNode delete(Request request) {
        ObjectNode deleted = conekta.records().plan(request.id());
        conekta.plans().delete(request.id());
        return deleted;
    }
}
