package dev.plinto.polar.sandbox.polar.pages;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What an invoice, or a receipt, shows. `discount` and `refunded` are null if there is none.
record InvoicePage(
        String title, String merchant, String date, String billingName, List<String> address, List<Item> items,
        String subtotal, String discount, String tax, String total, String refunded) {

    record Item(String label, String amount) {}

    static InvoicePage of(String kind, JsonNode order, String merchant) {
        String currency = order.path("currency").asText();
        JsonNode address = order.path("billing_address");
        return new InvoicePage(
                kind + " " + Shown.text(order, "invoice_number"), merchant, Shown.date(order.path("created_at")),
                Shown.text(order, "billing_name"),
                Stream.of("line1", "line2", "postal_code", "city", "state", "country")
                        .map(field -> Shown.text(address, field)).filter(line -> !line.isEmpty()).toList(),
                StreamSupport.stream(order.path("items").spliterator(), false)
                        .map(item -> new Item(
                                Shown.text(item, "label"), Shown.money(item.path("amount").asLong(), currency)))
                        .toList(),
                Shown.money(order, "subtotal_amount"), moneyOrNull(order, "discount_amount"),
                Shown.money(order, "tax_amount"), Shown.money(order, "total_amount"),
                moneyOrNull(order, "refunded_amount"));
    }

    private static String moneyOrNull(JsonNode order, String field) {
        return order.path(field).asLong() == 0 ? null : Shown.money(order, field);
    }
}
