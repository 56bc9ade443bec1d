package dev.plinto.polar.sandbox.polar.rest;

import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Lets the merchant send a customer to Polar's portal.
final class CustomerSessionOperations {

    private static final int LONGEST_URL = 2_083;

    private final SimulatedPolar polar;

    CustomerSessionOperations(SimulatedPolar polar) {
        this.polar = polar;
    }

    List<Operation> all() {
        return List.of(Operation.of("POST", "/customer-sessions/", this::create));
    }

    /// Unlike elsewhere, an unknown customer is a wrong field of the body.
    private Answer create(Request request) {
        Body body = request.onlyWith().body();
        boolean byExternalId = body.text("external_customer_id").isPresent();
        if (!byExternalId) {
            body.require("customer_id");
        }
        Optional<UUID> id = body.id("customer_id");
        Optional<String> externalId = body.text("external_customer_id");
        Optional<UUID> member = body.id("member_id");
        Optional<String> externalMember = body.text("external_member_id");
        Forms.url(body, "return_url", LONGEST_URL);
        body.check();
        UUID customer = id.flatMap(polar.customerRegister()::withId)
                .or(() -> id.isPresent()
                        ? Optional.empty()
                        : externalId.flatMap(polar.customerRegister()::withExternalId))
                .orElseThrow(() -> unknown("Customer", body, id.isPresent() ? "customer_id" : "external_customer_id"));
        UUID visitor = member
                .map(wanted -> polar.customerMembers().withId(customer, wanted)
                        .orElseThrow(() -> unknown("Member", body, "member_id")))
                .or(() -> externalMember.map(wanted -> polar.customerMembers().withExternalId(customer, wanted)
                        .orElseThrow(() -> unknown("Member", body, "external_member_id"))))
                .orElse(null);
        return Answer.created(polar.customerSessions()
                .create(customer, visitor, body.text("return_url").orElse(null)));
    }

    private static InvalidRequest unknown(String what, Body body, String field) {
        return InvalidRequest.rule(what + " does not exist.", body.node(field), "body", field);
    }
}
