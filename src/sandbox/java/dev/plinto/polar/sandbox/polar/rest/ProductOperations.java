package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.ProductTerms;
import dev.plinto.polar.sandbox.polar.Products;
import dev.plinto.polar.sandbox.polar.Records;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/// The merchant's products, their prices and benefits.
final class ProductOperations {

    private static final Collection LIST = new Collection(
            "/products/", Records::products,
            List.of(Filter.id("id"), Filter.id("organization_id"), Filter.part("query", "name"),
                    Filter.flag("is_archived"), Filter.flag("is_recurring"), Filter.anyId("benefit_id"),
                    Filter.oneOf("visibility", Merchant.VISIBILITIES)),
            true, List.of("created_at", "name", "price_amount_type", "price_amount"), true);
    private static final List<String> INTERVALS = List.of("day", "week", "month", "year");
    private static final int LONGEST = 999;
    private static final int LONGEST_TRIAL = 1_000;

    private final SimulatedPolar polar;
    private final Products products;

    ProductOperations(SimulatedPolar polar) {
        this.polar = polar;
        products = polar.products();
    }

    List<Operation> all() {
        return Stream.concat(
                LIST.operations(polar.records()),
                Stream.of(
                        Operation.of("POST", "/products/", this::create),
                        Operation.of("PATCH", "/products/{id}", this::update),
                        Operation.of("DELETE", "/products/{id}", this::delete),
                        Operation.of("POST", "/products/{id}/benefits", this::setBenefits)))
                .toList();
    }

    private Answer create(Request request) {
        Body body = readable(request.onlyWith().body().require("name", "prices"));
        String interval = body.oneOf("recurring_interval", INTERVALS).orElse(null);
        Integer count = body.number("recurring_interval_count", 1, LONGEST).orElse(interval == null ? null : 1);
        List<ProductTerms.Price> prices = new PricesOfRequest(polar, List.of(), interval != null).read(body);
        ProductTerms terms = new ProductTerms(
                body.text("name", 3, 64).orElse(""), body.text("description").orElse(null),
                body.oneOf("visibility", Merchant.VISIBILITIES).orElse("public"), interval, count,
                body.oneOf("trial_interval", INTERVALS).orElse(null),
                body.number("trial_interval_count", 1, LONGEST_TRIAL).orElse(null), false,
                body.metadata("metadata").orElse(Map.of()), prices);
        body.check();
        check(body, terms);
        return Answer.created(json(products.create(terms)));
    }

    private Answer update(Request request) {
        UUID id = known(request);
        Body body = readable(request.body());
        ProductTerms before = products.terms(id);
        ProductTerms terms = new ProductTerms(
                body.text("name", 3, 64).orElse(before.name()),
                Merchant.changed(body, "description", before.description()),
                body.oneOf("visibility", Merchant.VISIBILITIES).orElse(before.visibility()),
                body.oneOf("recurring_interval", INTERVALS).orElse(before.recurringInterval()),
                body.number("recurring_interval_count", 1, LONGEST).orElse(before.recurringIntervalCount()),
                body.has("trial_interval")
                        ? body.oneOf("trial_interval", INTERVALS).orElse(null)
                        : before.trialInterval(),
                Merchant.changed(body, "trial_interval_count", 1, LONGEST_TRIAL, before.trialIntervalCount()),
                body.flag("is_archived").orElse(before.isArchived()),
                body.metadata("metadata").orElse(before.metadata()),
                body.node("prices").isMissingNode() || body.node("prices").isNull()
                        ? before.prices()
                        : new PricesOfRequest(polar, before.prices(), before.recurringInterval() != null).read(body));
        body.check();
        fixed(body, "recurring_interval", before.recurringInterval(), terms.recurringInterval());
        fixed(body, "recurring_interval_count", before.recurringIntervalCount(), terms.recurringIntervalCount());
        check(body, terms);
        products.update(id, terms);
        return Answer.ok(json(id));
    }

    private static void fixed(Body body, String field, Object before, Object wanted) {
        if (!Objects.equals(before, wanted)) {
            throw InvalidRequest.rule(
                    "The interval of a product cannot be changed.", body.node(field), "body", field);
        }
    }

    private Answer setBenefits(Request request) {
        UUID id = known(request);
        Body body = request.body().require("benefits");
        List<UUID> benefits = body.ids("benefits");
        body.check();
        for (int i = 0; i < benefits.size(); i++) {
            if (!polar.catalogue().hasBenefit(benefits.get(i))) {
                throw InvalidRequest.rule("Benefit does not exist.", body.node("benefits").get(i), "body", "benefits",
                        i);
            }
        }
        products.setBenefits(id, benefits.stream().distinct().toList());
        return Answer.ok(json(id));
    }

    private Answer delete(Request request) {
        products.delete(known(request));
        return Answer.nothing();
    }

    private static Body readable(Body body) {
        return Merchant.readable(body, "medias", "attached_custom_fields", "meter_interval", "meter_interval_count");
    }

    private static void check(Body body, ProductTerms terms) {
        if (terms.recurringInterval() == null) {
            for (String field : List.of("recurring_interval_count", "trial_interval", "trial_interval_count")) {
                if (!body.node(field).isMissingNode() && !body.node(field).isNull()) {
                    throw InvalidRequest.rule("A product that is paid once has no interval and no trial.",
                            body.node(field), "body", field);
                }
            }
        }
        if ((terms.trialInterval() == null) != (terms.trialIntervalCount() == null)) {
            throw InvalidRequest.rule("A trial needs its interval and its count.", body.node("trial_interval"), "body",
                    terms.trialInterval() == null ? "trial_interval" : "trial_interval_count");
        }
    }

    private UUID known(Request request) {
        UUID id = request.onlyWith().id("id");
        if (!products.contains(id)) {
            throw PolarAnswers.unknownResource();
        }
        return id;
    }

    private JsonNode json(UUID id) {
        return Single.of(polar.records().products(), id);
    }
}
