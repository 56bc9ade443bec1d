package dev.plinto.polar.sandbox.polar.pages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.pages.PortalPage.Ordered;
import dev.plinto.polar.sandbox.polar.pages.PortalPage.Plan;
import dev.plinto.polar.sandbox.polar.pages.PortalPage.SeatRow;
import dev.plinto.polar.sandbox.polar.pages.PortalPage.Subscribed;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Reads what the portal shows to a customer from Polar's API.
@Singleton
class PortalContent {

    private static final List<String> REASONS = List.of("too_expensive", "missing_features", "switched_service",
            "unused", "customer_service", "low_quality", "too_complex", "other");
    private static final Set<String> CHANGEABLE = Set.of("active", "trialing", "past_due");

    private final HostedPolar polar;

    PortalContent(HostedPolar polar) {
        this.polar = polar;
    }

    PortalPage of(HostedPolar.Visitor visitor, String token, Problems problems) {
        return new PortalPage(
                polar.merchant(), visitor.email(), token, polar.address("/portal"),
                items("/subscriptions/?limit=100&customer_id=" + visitor.customer()).map(this::subscribed).toList(),
                items("/orders/?limit=100&customer_id=" + visitor.customer()).map(PortalContent::ordered).toList(),
                REASONS, visitor.returnUrl(),
                problems.general() == null ? problems.of("seat_email") : problems.general());
    }

    /// Whether what a form names belongs to the visitor.
    boolean isOf(HostedPolar.Visitor visitor, MultivaluedMap<String, String> form) {
        return isOf(visitor, "/subscriptions/", form.getFirst("subscription_id"))
                && isOf(visitor, "/orders/", form.getFirst("order_id"))
                && (form.getFirst("seat_id") == null || seats(form.getFirst("subscription_id"))
                        .anyMatch(seat -> seat.path("id").asText().equals(form.getFirst("seat_id"))));
    }

    private boolean isOf(HostedPolar.Visitor visitor, String path, String id) {
        return id == null
                || polar.api().get(path + id).body().path("customer_id").asText().equals(visitor.customer());
    }

    private Subscribed subscribed(JsonNode subscription) {
        String id = subscription.path("id").asText();
        JsonNode product = subscription.path("product");
        String status = subscription.path("status").asText();
        boolean canceling = subscription.path("cancel_at_period_end").asBoolean();
        Integer seats = subscription.path("seats").isInt() ? subscription.path("seats").asInt() : null;
        boolean changeable = CHANGEABLE.contains(status);
        return new Subscribed(
                id, Shown.text(product, "name"), canceling && changeable ? "ends soon" : status.replace('_', ' '),
                look(status, canceling), Shown.money(subscription, "amount"), Shown.period(subscription),
                next(subscription, status, canceling), changeable, canceling, seats,
                seats == null && changeable ? plans(product.path("id").asText()) : List.of(),
                seats == null ? List.of() : seats(id).map(PortalContent::seat).toList());
    }

    private static String look(String status, boolean canceling) {
        return switch (status) {
            case "active", "trialing" -> canceling ? "notable" : "well";
            case "past_due", "unpaid" -> "wrong";
            default -> "dim";
        };
    }

    private static String next(JsonNode subscription, String status, boolean canceling) {
        String end = Shown.date(subscription.path("current_period_end"));
        return switch (status) {
            case "active" -> canceling ? "It ends on " + end + "." : "It renews on " + end + ".";
            case "trialing" -> canceling
                    ? "The trial ends on " + end + ", and nothing will be charged."
                    : "The trial ends on " + end + ", and the first payment is due then.";
            case "past_due" -> "The last payment has failed; it is tried again.";
            case "paused" -> "It is paused.";
            default -> "It has ended.";
        };
    }

    private List<Plan> plans(String current) {
        return items("/products/?limit=100&is_recurring=true&is_archived=false")
                .filter(product -> !product.path("id").asText().equals(current))
                .filter(product -> product.at("/prices/0/amount_type").asText().equals("fixed"))
                .map(product -> new Plan(
                        product.path("id").asText(), Shown.text(product, "name"),
                        Shown.money(product.at("/prices/0/price_amount").asLong(),
                                product.at("/prices/0/price_currency").asText()),
                        Shown.period(product)))
                .toList();
    }

    private Stream<JsonNode> seats(String subscription) {
        return elements(polar.api().get("/customer-seats?subscription_id=" + subscription).body().path("seats"))
                .filter(seat -> !seat.path("status").asText().equals("revoked"));
    }

    private static SeatRow seat(JsonNode seat) {
        return new SeatRow(seat.path("id").asText(), Shown.text(seat, "email"),
                seat.path("status").asText().equals("pending") ? "invited" : seat.path("status").asText());
    }

    private static Ordered ordered(JsonNode order) {
        String status = order.path("status").asText();
        return new Ordered(
                order.path("id").asText(), Shown.date(order.path("created_at")),
                Shown.text(order.path("product"), "name"), status.replace('_', ' '),
                Shown.money(order, "total_amount"), Shown.text(order, "invoice_number"),
                !Set.of("draft", "void", "pending").contains(status));
    }

    private Stream<JsonNode> items(String path) {
        return elements(polar.api().get(path).body().path("items"));
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
