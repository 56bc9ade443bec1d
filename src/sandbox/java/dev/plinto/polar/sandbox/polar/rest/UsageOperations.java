package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.plinto.polar.sandbox.polar.Records;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.Usage;
import dev.plinto.polar.sandbox.provider.Answer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// Events of usage, and what customers have used of the meters.
final class UsageOperations {

    private static final List<Filter> OF_CUSTOMER = List.of(
            Filter.id("organization_id"), Filter.id("customer_id"), Filter.text("external_customer_id"));
    private static final Collection EVENTS = new Collection(
            "/events/", Records::usage,
            Stream.concat(OF_CUSTOMER.stream(), Stream.of(
                    Filter.text("name"), Filter.oneOf("source", List.of("user", "system")), Filter.anyId("meter_id"),
                    Filter.text("parent_id"), Filter.part("query", "name"),
                    Filter.after("start_timestamp", "timestamp"), Filter.before("end_timestamp", "timestamp")))
                    .toList(),
            true, List.of("timestamp"), true);
    private static final Collection METERS = new Collection(
            "/customer-meters/", Records::customerMeters,
            Stream.concat(OF_CUSTOMER.stream(), Stream.of(Filter.id("meter_id"))).toList(), false,
            List.of("modified_at", "created_at", "customer_id", "customer_name", "meter_id", "meter_name",
                    "consumed_units", "credited_units", "balance"),
            true);
    /// Filters of the events that names are taken of, before they are.
    private static final Set<String> OF_EVENTS = Set.of(
            "organization_id", "customer_id", "external_customer_id", "source", "query");

    private final SimulatedPolar polar;
    private final Usage usage;

    UsageOperations(SimulatedPolar polar) {
        this.polar = polar;
        usage = polar.usage();
    }

    List<Operation> all() {
        return Stream.of(
                EVENTS.operations(polar.records()),
                METERS.operations(polar.records()),
                Stream.of(
                        Operation.of("POST", "/events/ingest", this::ingest),
                        Operation.of("GET", "/events/names", this::names)))
                .flatMap(operations -> operations).toList();
    }

    private Answer ingest(Request request) {
        Body body = request.onlyWith().body().require("events");
        List<Usage.Wanted> events = body.objects("events").stream().map(this::event).toList();
        body.check();
        int inserted = usage.ingest(events);
        return Answer.ok(JsonNodeFactory.instance.objectNode()
                .put("inserted", inserted).put("duplicates", events.size() - inserted));
    }

    private Usage.Wanted event(Body event) {
        Merchant.readable(event.require("name"));
        Optional<UUID> customer = event.id("customer_id");
        Optional<UUID> member = event.id("member_id");
        if (!event.node("customer_id").isTextual()) {
            event.require("external_customer_id");
        }
        customer.filter(id -> !usage.knowsCustomer(id)).ifPresent(
                id -> event.refuse("customer_id", "value_error", "Customer does not exist."));
        member.filter(id -> customer.isEmpty() || !usage.knowsMember(customer.get(), id)).ifPresent(
                id -> event.refuse("member_id", "value_error", "Member does not exist."));
        Optional<Instant> timestamp = event.time("timestamp");
        timestamp.filter(time -> time.isAfter(polar.now())).ifPresent(
                time -> event.refuse("timestamp", "value_error", "Timestamp must be in the past."));
        return new Usage.Wanted(
                event.text("name", 1, 128).orElse(""), customer.orElse(null),
                customer.isPresent() ? null : event.text("external_customer_id").orElse(null), member.orElse(null),
                event.text("external_member_id").orElse(null), event.text("external_id").orElse(null),
                event.text("parent_id").orElse(null), timestamp.orElse(null),
                event.metadata("metadata", "_cost", "_llm").orElse(Map.of()));
    }

    private Answer names(Request request) {
        Map<String, List<String>> ofEvents = new HashMap<>(request.call().query());
        ofEvents.keySet().retainAll(OF_EVENTS);
        Map<String, List<String>> ofNames = new HashMap<>(request.call().query());
        ofNames.keySet().removeAll(OF_EVENTS);
        Collection names = new Collection("/events/names",
                records -> EventNames.of(EVENTS.wanted(records, request.call().with(ofEvents))), List.of(), false,
                List.of("last_seen", "first_seen", "name", "occurrences"), false);
        return Answer.ok(names.page(polar.records(), request.call().with(ofNames)));
    }
}
