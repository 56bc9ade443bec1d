package dev.plinto.polar.sandbox.polar.rest;

import dev.plinto.polar.sandbox.polar.CheckoutSessions;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import java.util.List;
import java.util.UUID;

/// What merchants and buyers do with checkouts.
final class CheckoutOperations {

    private final CheckoutSessions checkouts;

    CheckoutOperations(SimulatedPolar polar) {
        checkouts = polar.checkoutSessions();
    }

    List<Operation> all() {
        return List.of(
                Operation.of("POST", "/checkouts/", this::create),
                Operation.of("PATCH", "/checkouts/{id}", this::update),
                Operation.forAnybody("GET", "/checkouts/client/{client_secret}", this::read),
                Operation.forAnybody("PATCH", "/checkouts/client/{client_secret}", this::updateByBuyer),
                Operation.forAnybody("POST", "/checkouts/client/{client_secret}/confirm", this::confirm));
    }

    private Answer create(Request request) {
        Body body = request.onlyWith().body();
        List<UUID> products = body.require("products").ids("products");
        if (body.node("products").isArray() && body.node("products").isEmpty()) {
            body.refuse("products", "too_short", "List should have at least 1 item after validation, not 0");
        }
        return Answer.created(checkouts.json(checkouts.create(products, CheckoutFields.ofCreation(body))));
    }

    private Answer update(Request request) {
        UUID checkout = request.onlyWith().id("id");
        if (!checkouts.contains(checkout)) {
            throw PolarAnswers.unknownResource();
        }
        checkouts.update(checkout, CheckoutFields.ofUpdate(request.body()));
        return Answer.ok(checkouts.json(checkout));
    }

    private Answer read(Request request) {
        return Answer.ok(checkouts.publicJson(ofBuyer(request)));
    }

    private Answer updateByBuyer(Request request) {
        UUID checkout = ofBuyer(request);
        checkouts.update(checkout, CheckoutFields.ofBuyer(request.body()));
        return Answer.ok(checkouts.publicJson(checkout));
    }

    private Answer confirm(Request request) {
        UUID checkout = ofBuyer(request);
        Body body = request.optionalBody();
        String token = body.text("confirmation_token_id").orElse(null);
        return Answer.ok(checkouts.confirm(checkout, CheckoutFields.ofBuyer(body), token));
    }

    private UUID ofBuyer(Request request) {
        UUID checkout = checkouts.withSecret(request.onlyWith().path("client_secret"))
                .orElseThrow(PolarAnswers::unknownResource);
        checkouts.refuseExpired(checkout);
        return checkout;
    }
}
