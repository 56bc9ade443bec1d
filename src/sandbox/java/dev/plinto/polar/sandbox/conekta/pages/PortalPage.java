package dev.plinto.polar.sandbox.conekta.pages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.HostedText;
import java.time.Instant;
import java.util.List;

/// What the portal of a subscription shows. `problem` is null if there is none.
record PortalPage(
        String merchant, String email, String plan, String status, String price, String paidUntil, List<Act> acts,
        String problem) {

    private static final Act PAUSE = new Act("pause", "Pause");
    private static final Act RESUME = new Act("resume", "Resume");
    private static final Act CANCEL = new Act("cancel", "Cancel");

    record Act(String name, String label) {}

    static PortalPage of(JsonNode portal, JsonNode subscription, String problem) {
        JsonNode plan = portal.path("subscription").path("plan");
        String status = subscription.path("status").asText();
        return new PortalPage(
                HostedConekta.MERCHANT, portal.path("customer").path("email").asText(), plan.path("name").asText(),
                status.replace('_', ' '),
                HostedText.money(plan.path("amount").asLong(), plan.path("currency").asText()),
                HostedText.date(Instant.ofEpochSecond(subscription.path("billing_cycle_end").asLong())),
                switch (status) {
                    case "canceled" -> List.of();
                    case "paused" -> List.of(RESUME, CANCEL);
                    case "past_due" -> List.of(CANCEL);
                    default -> List.of(PAUSE, CANCEL);
                }, problem);
    }
}
