package dev.plinto.polar.sandbox.conekta.pages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.HostedText;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What the page of an open checkout shows. `problem` and `failureUrl` are null if there is none; `plans` are what the
/// buyer chooses from, if there are several.
record CheckoutPage(
        String merchant, String name, String total, String expires, List<Item> items, List<Plan> plans,
        List<Choice> choices, String failureUrl, String problem) {

    record Item(String name, String amount) {}

    record Plan(String id, String name) {}

    /// What the buyer can do; `act` is its name in the form.
    record Choice(String act, String label, String does) {

        static Stream<Choice> of(String method) {
            return switch (method) {
                case "card" -> Stream.of(new Choice("card-pays", "4242 4242 4242 4242", "a card that pays"),
                        new Choice("card-declined", "4000 0000 0000 0002", "a card that is declined"));
                case "cash" -> Stream.of(new Choice("cash", "OXXO", "a reference to pay in a shop, later"));
                case "bank_transfer" -> Stream.of(
                        new Choice("bank_transfer", "SPEI", "a number to transfer to, later"));
                default -> Stream.empty();
            };
        }
    }

    static CheckoutPage of(SimulatedConekta conekta, JsonNode order, String problem) {
        JsonNode checkout = order.path("checkout");
        String currency = order.path("currency").asText();
        return new CheckoutPage(
                HostedConekta.MERCHANT, checkout.path("name").asText(),
                HostedText.money(order.path("amount").asLong(), currency),
                HostedText.date(Instant.ofEpochSecond(checkout.path("expires_at").asLong())),
                stream(order.path("line_items").path("data")).map(item -> new Item(item.path("name").asText(),
                        HostedText.money(item.path("unit_price").asLong() * item.path("quantity").asLong(), currency)))
                        .toList(),
                stream(checkout.path("plan_ids")).map(JsonNode::asText)
                        .map(id -> new Plan(id, conekta.records().plan(id).path("name").asText())).toList(),
                stream(checkout.path("allowed_payment_methods")).flatMap(method -> Choice.of(method.asText()))
                        .toList(),
                checkout.path("failure_url").asText(null), problem);
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
