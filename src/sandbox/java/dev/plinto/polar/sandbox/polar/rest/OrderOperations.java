package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.plinto.polar.sandbox.polar.Invoices;
import dev.plinto.polar.sandbox.polar.Invoices.Address;
import dev.plinto.polar.sandbox.polar.Invoices.Addressee;
import dev.plinto.polar.sandbox.polar.Invoices.Receipt;
import dev.plinto.polar.sandbox.polar.Records;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// Orders, with their invoices and receipts. Drafts, and charges without the buyer, are not served.
final class OrderOperations {

    private static final List<Filter> FILTERS = List.of(
            Filter.id("organization_id"), Filter.id("product_id"),
            Filter.oneOf("product_billing_type", List.of("one_time", "recurring")), Filter.id("discount_id"),
            Filter.id("customer_id"), Filter.text("external_customer_id"), Filter.id("checkout_id"),
            Filter.id("subscription_id"),
            Filter.oneOf("status", List.of("draft", "pending", "paid", "refunded", "partially_refunded", "void")),
            Filter.after("created_after", "created_at"), Filter.before("created_before", "created_at"));
    private static final Collection LIST = new Collection("/orders/", Records::orders, FILTERS, true,
            List.of("created_at", "status", "invoice_number", "amount", "net_amount", "customer", "product", "discount",
                    "subscription"),
            true);
    private static final List<String> COUNTRIES = List.of(Locale.getISOCountries());

    private final SimulatedPolar polar;
    private final Invoices invoices;

    OrderOperations(SimulatedPolar polar) {
        this.polar = polar;
        invoices = polar.invoices();
    }

    List<Operation> all() {
        return Stream.concat(
                LIST.operations(polar.records()),
                Stream.of(
                        Operation.of("PATCH", "/orders/{id}", this::update),
                        Operation.of("POST", "/orders/{id}/invoice", this::generateInvoice),
                        Operation.of("GET", "/orders/{id}/invoice", this::invoice),
                        Operation.of("GET", "/orders/{id}/receipt", this::receipt)))
                .toList();
    }

    private Answer update(Request request) {
        UUID order = known(request);
        Body body = request.body();
        Addressee old = invoices.addressee(order);
        String name = body.has("billing_name") ? body.text("billing_name").orElse(null) : old.name();
        Address address = body.has("billing_address")
                ? body.object("billing_address").map(OrderOperations::address).orElse(null)
                : old.address();
        body.check();
        refuseOtherTax(old.address(), address, body.node("billing_address"));
        invoices.address(order, new Addressee(name, address));
        return Answer.ok(Single.of(polar.records().orders(), order));
    }

    private static Address address(Body body) {
        body.require("country");
        return new Address(
                body.text("line1").orElse(null), body.text("line2").orElse(null),
                body.text("postal_code").orElse(null), body.text("city").orElse(null),
                body.text("state").orElse(null), body.oneOf("country", COUNTRIES).orElse(null));
    }

    /// The tax has been charged by country and state.
    private static void refuseOtherTax(Address old, Address changed, JsonNode input) {
        if (old == null || changed == null) {
            return;
        }
        if (!Objects.equals(old.country(), changed.country())) {
            throw InvalidRequest.rule("Country cannot be updated.", input.path("country"), "body", "billing_address",
                    "country");
        }
        if (!Objects.equals(old.state(), changed.state())) {
            throw InvalidRequest.rule("State cannot be updated.", input.path("state"), "body", "billing_address",
                    "state");
        }
    }

    private Answer generateInvoice(Request request) {
        invoices.generate(known(request));
        return PolarAnswers.accepted();
    }

    private Answer invoice(Request request) {
        return url(invoices.urlOfInvoice(known(request)).orElseThrow(PolarAnswers::unknownResource));
    }

    private Answer receipt(Request request) {
        Optional<Receipt> receipt = invoices.receipt(known(request));
        return switch (receipt.orElseThrow(PolarAnswers::unknownResource)) {
            case Receipt.InProgress() -> new Answer(202, Map.of(), null);
            case Receipt.Written(String url) -> url(url);
        };
    }

    private static Answer url(String url) {
        return Answer.ok(JsonNodeFactory.instance.objectNode().put("url", url));
    }

    private UUID known(Request request) {
        UUID order = request.onlyWith().id("id");
        Single.of(polar.records().orders(), order);
        return order;
    }
}
