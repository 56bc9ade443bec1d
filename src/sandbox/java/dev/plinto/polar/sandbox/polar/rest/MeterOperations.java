package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.MeterTerms;
import dev.plinto.polar.sandbox.polar.Meters;
import dev.plinto.polar.sandbox.polar.Records;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// The merchant's meters.
final class MeterOperations {

    private static final Collection LIST = new Collection(
            "/meters/", Records::meters,
            List.of(Filter.id("organization_id"), Filter.part("query", "name"), Filter.flag("is_archived")), true,
            List.of("created_at", "name"), true);
    private static final List<String> UNITS = List.of("scalar", "token", "custom");
    private static final List<String> FUNCTIONS = List.of("count", "sum", "max", "min", "avg", "unique");
    private static final List<String> OPERATORS = List.of("eq", "ne", "gt", "gte", "lt", "lte", "like", "not_like");

    private final SimulatedPolar polar;
    private final Meters meters;

    MeterOperations(SimulatedPolar polar) {
        this.polar = polar;
        meters = polar.meters();
    }

    List<Operation> all() {
        return Stream.concat(
                LIST.operations(polar.records()),
                Stream.of(
                        Operation.of("POST", "/meters/", this::create),
                        Operation.of("PATCH", "/meters/{id}", this::update),
                        Operation.of("GET", "/meters/{id}/quantities", new MeterQuantities(polar)::answer)))
                .toList();
    }

    private Answer create(Request request) {
        Body body = Merchant.readable(request.onlyWith().body().require("name", "filter", "aggregation"));
        MeterTerms terms = terms(body, new MeterTerms("", "scalar", null, null, null, null, false, Map.of()));
        return Answer.created(Single.of(polar.records().meters(), meters.create(terms)));
    }

    private Answer update(Request request) {
        UUID id = request.onlyWith().id("id");
        if (!meters.contains(id)) {
            throw PolarAnswers.unknownResource();
        }
        Body body = request.body();
        MeterTerms terms = terms(body, meters.terms(id));
        if (terms.isArchived() && !meters.isArchived(id) && meters.isInUse(id)) {
            throw InvalidRequest.rule("The meter is used by a price of a product, or by a benefit.",
                    body.node("is_archived"), "body", "is_archived");
        }
        meters.update(id, terms);
        return Answer.ok(Single.of(polar.records().meters(), id));
    }

    private static MeterTerms terms(Body body, MeterTerms before) {
        String unit = body.oneOf("unit", UNITS).orElse(before.unit());
        MeterTerms terms = new MeterTerms(
                body.text("name", 3, Integer.MAX_VALUE).orElse(before.name()), unit,
                unit.equals("custom") ? Merchant.changed(body, "custom_label", before.customLabel()) : null,
                unit.equals("custom")
                        ? Merchant.changed(body, "custom_multiplier", 1, Integer.MAX_VALUE, before.customMultiplier())
                        : null,
                body.object("filter").map(MeterOperations::filter).orElse(before.filter()),
                body.object("aggregation").map(MeterOperations::aggregation).orElse(before.aggregation()),
                body.flag("is_archived").orElse(before.isArchived()),
                body.metadata("metadata").orElse(before.metadata()));
        if (unit.equals("custom") && terms.customLabel() == null) {
            body.refuse("custom_label", "missing", "A custom unit needs a label");
        }
        body.check();
        return terms;
    }

    private static ObjectNode filter(Body filter) {
        filter.require("conjunction", "clauses").oneOf("conjunction", List.of("and", "or"));
        filter.objects("clauses").forEach(clause -> {
            if (clause.has("clauses")) {
                filter(clause);
                return;
            }
            clause.require("property", "operator", "value").text("property");
            clause.oneOf("operator", OPERATORS);
            if (clause.node("value").isContainerNode()) {
                clause.refuse("value", "value_error", "Input should be a text, a number or a boolean");
            }
        });
        return filter.json();
    }

    private static ObjectNode aggregation(Body aggregation) {
        String function = aggregation.require("func").oneOf("func", FUNCTIONS).orElse("count");
        if (!function.equals("count")) {
            aggregation.require("property").text("property");
        }
        return aggregation.json();
    }
}
