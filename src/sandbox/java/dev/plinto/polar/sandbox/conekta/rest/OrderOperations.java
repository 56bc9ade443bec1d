package dev.plinto.polar.sandbox.conekta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.conekta.CheckoutTerms;
import dev.plinto.polar.sandbox.conekta.LineItem;
import dev.plinto.polar.sandbox.conekta.OrderRequest;
import dev.plinto.polar.sandbox.conekta.OrderRequest.Buyer;
import dev.plinto.polar.sandbox.conekta.PaymentMethod;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Orders are paid on the hosted page only: none is made with charges.
final class OrderOperations {

    private static final List<String> APPLIED = List.of("type", "allowed_payment_methods",
            "excluded_payment_methods", "plan_ids", "name", "success_url", "failure_url", "expires_at");

    private final SimulatedConekta conekta;

    OrderOperations(SimulatedConekta conekta) {
        this.conekta = conekta;
    }

    List<Operation> all() {
        return List.of(
                Operation.of("GET", "/orders", request -> Listing.of(conekta, request, conekta.records().orders())),
                Operation.of("POST", "/orders", this::create),
                Operation.of("GET", "/orders/{id}", request -> conekta.records().order(request.id())),
                Operation.of("PUT", "/orders/{id}", this::change),
                Operation.of("POST", "/orders/{id}/cancel", this::cancel),
                Operation.of("POST", "/orders/{id}/refunds", this::refund),
                Operation.of("GET", "/charges",
                        request -> Listing.of(conekta, request, conekta.records().charges())));
    }

    private ObjectNode create(Request request) {
        Fields body = request.body()
                .without("charges", "discount_lines", "tax_lines", "shipping_lines", "pre_authorize", "return_url");
        String currency = body.required("currency");
        Fields info = body.object("customer_info").orElseThrow(() -> body.wrong("customer_info", "required"));
        Fields checkout = body.object("checkout")
                .orElseThrow(() -> body.wrong("checkout", "required at the simulated Conekta"));
        List<LineItem> items = body.objects("line_items").stream()
                .map(item -> new LineItem(
                        item.required("name"), item.requiredNumber("unit_price"), item.requiredSmall("quantity")))
                .toList();
        return conekta.records().order(conekta.orders().create(new OrderRequest(
                currency, buyer(info), items, terms(checkout), body.metadata())));
    }

    private ObjectNode change(Request request) {
        Fields body = request.body().without("charges", "checkout", "currency", "customer_info", "discount_lines",
                "line_items", "pre_authorize", "shipping_contact", "shipping_lines", "tax_lines");
        conekta.records().order(request.id());
        if (body.metadata() != null) {
            conekta.orders().setMetadata(request.id(), body.metadata());
        }
        return conekta.records().order(request.id());
    }

    private ObjectNode cancel(Request request) {
        conekta.orders().cancel(request.id());
        return conekta.records().order(request.id());
    }

    private ObjectNode refund(Request request) {
        Fields body = request.body();
        body.required("reason");
        conekta.orders().refund(request.id(), body.requiredNumber("amount"));
        return conekta.records().order(request.id());
    }

    private static Buyer buyer(Fields info) {
        return info.text("customer_id").<Buyer>map(Buyer.Known::new).orElseGet(
                () -> new Buyer.New(info.required("name"), info.required("email"), info.required("phone")));
    }

    private static CheckoutTerms terms(Fields checkout) {
        if (!checkout.required("type").equals("HostedPayment")) {
            throw checkout.wrong("type", "HostedPayment, at the simulated Conekta");
        }
        ObjectNode others = checkout.json().deepCopy();
        others.remove(APPLIED);
        return new CheckoutTerms(
                methods(checkout), checkout.texts("plan_ids").orElse(List.of()), checkout.text("name").orElse(null),
                checkout.text("success_url").orElse(null), checkout.text("failure_url").orElse(null),
                checkout.time("expires_at").orElse(null), others);
    }

    /// Empty for the usual ones.
    private static Set<PaymentMethod> methods(Fields checkout) {
        List<String> excluded = checkout.texts("excluded_payment_methods").orElse(List.of());
        List<String> allowed = checkout.texts("allowed_payment_methods").orElse(List.of());
        if (!excluded.isEmpty() && !allowed.isEmpty()) {
            throw checkout.wrong("excluded_payment_methods", "exclusive with allowed_payment_methods");
        }
        Set<PaymentMethod> methods = EnumSet.noneOf(PaymentMethod.class);
        allowed.forEach(name -> methods.add(PaymentMethod.fromWireName(name).orElseThrow(() -> checkout.wrong(
                "allowed_payment_methods", "one of card, cash, bank_transfer, at the simulated Conekta"))));
        if (!excluded.isEmpty()) {
            methods.addAll(EnumSet.allOf(PaymentMethod.class));
            methods.removeIf(method -> excluded.contains(method.wireName()));
        }
        return methods;
    }
}
