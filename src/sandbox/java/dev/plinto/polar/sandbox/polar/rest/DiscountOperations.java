package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.DiscountTerms;
import dev.plinto.polar.sandbox.polar.Discounts;
import dev.plinto.polar.sandbox.polar.Records;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// The merchant's discounts.
final class DiscountOperations {

    private static final Collection LIST = new Collection(
            "/discounts/", Records::discounts,
            List.of(Filter.id("organization_id"), new Filter("query",
                    text -> Filter.hasText("name", text, true).or(Filter.hasText("code", text, true)))),
            false, List.of("created_at", "name", "code", "redemptions_count", "ends_at"), true);
    private static final String PERCENTAGE = "percentage";
    private static final String REPEATING = "repeating";

    private final SimulatedPolar polar;
    private final Discounts discounts;

    DiscountOperations(SimulatedPolar polar) {
        this.polar = polar;
        discounts = polar.discounts();
    }

    List<Operation> all() {
        return Stream.concat(
                LIST.operations(polar.records()),
                Stream.of(
                        Operation.of("POST", "/discounts/", this::create),
                        Operation.of("PATCH", "/discounts/{id}", this::update),
                        Operation.of("DELETE", "/discounts/{id}", this::delete)))
                .toList();
    }

    private Answer create(Request request) {
        Body body = Merchant.readable(request.onlyWith().body().require("name", "duration"));
        String type = body.oneOf("type", List.of("fixed", PERCENTAGE))
                .orElse(body.has("basis_points") ? PERCENTAGE : "fixed");
        String duration = body.oneOf("duration", List.of("once", "forever", REPEATING)).orElse("");
        if (duration.equals(REPEATING)) {
            body.require("duration_in_months");
        }
        if (type.equals(PERCENTAGE)) {
            body.require("basis_points");
        } else if (!body.has("amounts")) {
            body.require("amount");
        }
        DiscountTerms terms = terms(body, new DiscountTerms(
                "", null, type, duration, null, null, null, null, null, null, null, List.of(), Map.of()), null);
        return Answer.created(json(discounts.create(terms)));
    }

    private Answer update(Request request) {
        UUID id = known(request);
        Body body = request.body();
        DiscountTerms before = discounts.terms(id);
        unchanged(body, "type", before.type());
        unchanged(body, "duration", before.duration());
        discounts.update(id, terms(body, before, id));
        return Answer.ok(json(id));
    }

    private Answer delete(Request request) {
        discounts.delete(known(request));
        return Answer.nothing();
    }

    private static void unchanged(Body body, String field, String before) {
        body.text(field).filter(value -> !value.equals(before)).ifPresent(value -> {
            throw InvalidRequest.rule(
                    "The " + field + " of a discount cannot be changed.", body.node(field), "body", field);
        });
    }

    private DiscountTerms terms(Body body, DiscountTerms before, UUID id) {
        boolean percentage = before.type().equals(PERCENTAGE);
        DiscountTerms terms = new DiscountTerms(
                body.text("name", 1, Integer.MAX_VALUE).orElse(before.name()),
                Merchant.changed(body, "code", before.code()), before.type(), before.duration(),
                before.duration().equals(REPEATING)
                        ? body.number("duration_in_months", 1, 999).orElse(before.durationInMonths())
                        : null,
                percentage ? body.number("basis_points", 1, 10_000).orElse(before.basisPoints()) : null,
                percentage ? null : amounts(body).orElse(before.amounts()),
                time(body, "starts_at", before.startsAt()), time(body, "ends_at", before.endsAt()),
                Merchant.changed(body, "max_redemptions", 1, Integer.MAX_VALUE, before.maxRedemptions()),
                Merchant.changed(body, "max_redemptions_per_customer", 1, Integer.MAX_VALUE,
                        before.maxRedemptionsPerCustomer()),
                body.has("products") ? body.ids("products") : before.products(),
                body.metadata("metadata").orElse(before.metadata()));
        if (terms.code() != null && !terms.code().matches("[A-Za-z0-9]{3,256}")) {
            body.refuse("code", "value_error", "Code must be 3 to 256 letters and digits.");
        }
        if (terms.startsAt() != null && terms.endsAt() != null && !terms.endsAt().isAfter(terms.startsAt())) {
            body.refuse("ends_at", "value_error", "Ends at must be after starts at.");
        }
        if (!percentage && terms.amounts() == null) {
            body.refuse("amounts", "missing", "Field required");
        }
        body.check();
        Optional<UUID> other = terms.code() == null ? Optional.empty() : discounts.withCode(terms.code());
        if (other.isPresent() && !other.get().equals(id)) {
            throw InvalidRequest.rule(
                    "Discount with this code already exists.", body.node("code"), "body", "code");
        }
        for (int i = 0; i < terms.products().size(); i++) {
            if (!polar.products().contains(terms.products().get(i))) {
                throw InvalidRequest.rule(
                        "Product does not exist.", body.node("products").get(i), "body", "products", i);
            }
        }
        return terms;
    }

    /// `amounts` by currency, or the older `amount` and `currency`.
    private static Optional<Map<String, Integer>> amounts(Body body) {
        Map<String, Integer> amounts = new LinkedHashMap<>();
        body.object("amounts").ifPresent(all -> all.json().fieldNames().forEachRemaining(
                currency -> all.number(currency, 0, Integer.MAX_VALUE).ifPresent(
                        amount -> amounts.put(currency, amount))));
        body.number("amount", 0, Integer.MAX_VALUE).ifPresent(
                amount -> amounts.putIfAbsent(body.text("currency").orElse("usd"), amount));
        return amounts.isEmpty() ? Optional.empty() : Optional.of(amounts);
    }

    private static Instant time(Body body, String field, Instant before) {
        return body.has(field) ? body.time(field).orElse(null) : before;
    }

    private UUID known(Request request) {
        UUID id = request.onlyWith().id("id");
        if (!discounts.contains(id)) {
            throw PolarAnswers.unknownResource();
        }
        return id;
    }

    private JsonNode json(UUID id) {
        return Single.of(polar.records().discounts(), id);
    }
}
