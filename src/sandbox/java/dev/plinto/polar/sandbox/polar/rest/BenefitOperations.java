package dev.plinto.polar.sandbox.polar.rest;

import dev.plinto.polar.sandbox.polar.BenefitTerms;
import dev.plinto.polar.sandbox.polar.Benefits;
import dev.plinto.polar.sandbox.polar.Records;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/// The merchant's benefits, and who has them.
final class BenefitOperations {

    private static final List<String> POLARS = List.of("custom", "discord", "github_repository", "downloadables",
            "license_keys", "meter_credit", "feature_flag", "slack_shared_channel");
    private static final List<String> SIMULATED = List.of("custom", "feature_flag", "meter_credit");
    private static final Collection LIST = new Collection(
            "/benefits/", Records::benefits,
            List.of(Filter.id("organization_id"), Filter.id("id"), Filter.oneOf("type", POLARS),
                    Filter.part("query", "description"), Filter.otherId("exclude_id", "id")),
            true, List.of("created_at", "description", "type"), true);
    private static final List<Filter> GRANTS = List.of(
            Filter.flag("is_granted"), Filter.id("customer_id"), Filter.id("member_id"));

    private final SimulatedPolar polar;
    private final Benefits benefits;

    BenefitOperations(SimulatedPolar polar) {
        this.polar = polar;
        benefits = polar.benefits();
    }

    List<Operation> all() {
        return Stream.concat(
                LIST.operations(polar.records()),
                Stream.of(
                        Operation.of("POST", "/benefits/", this::create),
                        Operation.of("PATCH", "/benefits/{id}", this::update),
                        Operation.of("DELETE", "/benefits/{id}", this::delete),
                        Operation.of("GET", "/benefits/{id}/grants", this::grants)))
                .toList();
    }

    private Answer create(Request request) {
        Body body = Merchant.readable(request.onlyWith().body().require("type", "description", "properties"));
        String type = body.oneOf("type", POLARS).orElse("");
        if (POLARS.contains(type) && !SIMULATED.contains(type)) {
            body.refuse("type", "not_simulated", "The simulated Polar has benefits of the types " + SIMULATED);
        }
        return Answer.created(Single.of(polar.records().benefits(), benefits.create(terms(
                body, new BenefitTerms(type, "", "public", Map.of(), Map.of())))));
    }

    private Answer update(Request request) {
        UUID id = known(request.onlyWith());
        Body body = request.body().require("type");
        BenefitTerms before = benefits.terms(id);
        body.text("type").filter(type -> !type.equals(before.type())).ifPresent(
                type -> body.refuse("type", "value_error", "The type of a benefit cannot be changed."));
        benefits.update(id, terms(body, before));
        return Answer.ok(Single.of(polar.records().benefits(), id));
    }

    private Answer delete(Request request) {
        benefits.delete(known(request.onlyWith()));
        return Answer.nothing();
    }

    private Answer grants(Request request) {
        UUID id = known(request);
        Collection ofBenefit = new Collection(
                request.call().path(),
                records -> records.grants().filter(grant -> id.equals(grant.keys().get("benefit_id"))), GRANTS, false,
                List.of("created_at"), false);
        return Answer.ok(ofBenefit.page(polar.records(), request.call()));
    }

    private BenefitTerms terms(Body body, BenefitTerms before) {
        BenefitTerms terms = new BenefitTerms(
                before.type(), body.text("description", 3, 42).orElse(before.description()),
                body.oneOf("visibility", Merchant.VISIBILITIES).orElse(before.visibility()),
                body.object("properties").map(properties -> properties(before.type(), properties))
                        .orElse(before.properties()),
                body.metadata("metadata").orElse(before.metadata()));
        body.check();
        return terms;
    }

    private Map<String, Object> properties(String type, Body properties) {
        return switch (type) {
            case "custom" -> {
                Map<String, Object> note = new HashMap<>();
                note.put("note", properties.text("note").orElse(null));
                yield note;
            }
            case "meter_credit" -> {
                properties.require("meter_id", "units", "rollover");
                UUID meter = properties.id("meter_id").orElse(null);
                if (meter != null && (!polar.meters().contains(meter) || polar.meters().isArchived(meter))) {
                    properties.refuse("meter_id", "value_error", "Meter does not exist.");
                }
                yield new TreeMap<>(Map.of(
                        "meter_id", String.valueOf(meter),
                        "units", properties.number("units", 1, Integer.MAX_VALUE).orElse(0),
                        "rollover", properties.flag("rollover").orElse(false)));
            }
            default -> Map.of();
        };
    }

    private UUID known(Request request) {
        UUID id = request.id("id");
        if (!polar.catalogue().hasBenefit(id)) {
            throw PolarAnswers.unknownResource();
        }
        return id;
    }
}
