package dev.plinto.polar.sandbox.conekta.pages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.HostedText;
import java.time.Instant;

/// What a buyer sees who has taken a reference for OXXO, or a number for SPEI. `problem` is null if there is none.
record ReferencePage(
        String merchant, String title, String label, String reference, String total, String expires, String button,
        String problem) {

    static ReferencePage of(JsonNode order, JsonNode charge, String problem) {
        JsonNode method = charge.path("payment_method");
        boolean cash = method.path("type").asText().equals("oxxo");
        return new ReferencePage(
                HostedConekta.MERCHANT, cash ? "Pay in a shop of OXXO" : "Transfer over SPEI",
                cash ? "Reference" : "CLABE", method.path(cash ? "reference" : "clabe").asText(),
                HostedText.money(order.path("amount").asLong(), order.path("currency").asText()),
                HostedText.date(Instant.ofEpochSecond(method.path("expires_at").asLong())),
                cash ? "Pay at the counter" : "Transfer the money", problem);
    }
}
