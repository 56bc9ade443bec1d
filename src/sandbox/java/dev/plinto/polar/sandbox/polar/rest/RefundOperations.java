package dev.plinto.polar.sandbox.polar.rest;

import dev.plinto.polar.sandbox.polar.Records;
import dev.plinto.polar.sandbox.polar.Refunds;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// Refunds of orders.
final class RefundOperations {

    private static final List<Filter> FILTERS = List.of(
            Filter.id("id"), Filter.id("organization_id"), Filter.id("order_id"), Filter.id("subscription_id"),
            Filter.id("customer_id"), Filter.text("external_customer_id"), Filter.flag("succeeded"));
    private static final Collection LIST = new Collection(
            "/refunds/", Records::refunds, FILTERS, false, List.of("created_at", "amount"), false);
    private static final List<String> REASONS = List.of("duplicate", "fraudulent", "customer_request",
            "service_disruption", "satisfaction_guarantee", "other");

    private final SimulatedPolar polar;

    RefundOperations(SimulatedPolar polar) {
        this.polar = polar;
    }

    List<Operation> all() {
        return Stream.concat(
                LIST.operations(polar.records()), Stream.of(Operation.of("POST", "/refunds/", this::create))).toList();
    }

    private Answer create(Request request) {
        Body body = request.onlyWith().body().require("order_id", "amount", "reason");
        Optional<UUID> order = body.id("order_id");
        Optional<Integer> amount = body.number("amount", Integer.MIN_VALUE, Integer.MAX_VALUE);
        amount.filter(cents -> cents < 1).ifPresent(
                cents -> body.refuse("amount", "greater_than", "Input should be greater than 0"));
        Optional<String> reason = body.oneOf("reason", REASONS);
        body.text("comment"); // Polar keeps it to itself
        boolean revokeBenefits = body.flag("revoke_benefits").orElse(false);
        Map<String, Object> metadata = body.metadata("metadata").orElse(Map.of());
        body.check();
        if (polar.records().orders().noneMatch(listed -> listed.id().equals(order.orElseThrow()))) {
            throw InvalidRequest.rule("Order not found", body.node("order_id"), "body", "order_id");
        }
        UUID refund = polar.refunds().create(order.orElseThrow(),
                new Refunds.Wanted(amount.orElseThrow(), reason.orElseThrow(), revokeBenefits, metadata));
        return Answer.created(Single.of(polar.records().refunds(), refund));
    }
}
