package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.data;
import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.json;
import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.types;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What Polar sends about a checkout and its purchase, in its order.
class CheckoutsTest {

    private final SimulatedPolar polar = new SimulatedPolar(InstantSource.fixed(Instant.parse("2026-11-03T08:00:00Z")),
            new Random(7));

    @Test
    void newBuyer_becomesACustomerByTheConfirmation() {
        UUID checkout = open("org-new");

        UUID customer = polar.checkouts().confirm(checkout);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly("checkout.created", "checkout.updated", "member.created",
                "customer.created", "customer.state_changed");
        JsonNode opened = data(events, "checkout.created");
        assertThat(opened.get("status").asText()).isEqualTo("open");
        assertThat(opened.get("external_customer_id").asText()).isEqualTo("org-new");
        assertThat(opened.get("customer_email").isNull()).isTrue();
        JsonNode confirmed = data(events, "checkout.updated");
        assertThat(confirmed.get("status").asText()).isEqualTo("confirmed");
        assertThat(confirmed.get("customer_id").isNull()).as("made afterwards").isTrue();
        JsonNode created = data(events, "customer.created");
        assertThat(created.get("id").asText()).isEqualTo(customer.toString());
        assertThat(created.get("external_id").asText()).isEqualTo("org-new");
        assertThat(confirmed.get("customer_email")).isEqualTo(created.get("email"));
    }

    @Test
    void knownCustomer_isUpdatedByTheConfirmation() {
        UUID customer = polar.customers().create("org-known");
        polar.takeEvents();
        UUID checkout = open("org-known");

        assertThat(polar.checkouts().confirm(checkout)).isEqualTo(customer);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly("checkout.created", "checkout.updated", "customer.updated",
                "customer.state_changed");
        assertThat(data(events, "checkout.created").get("customer_id").asText()).isEqualTo(customer.toString());
        assertThat(Instant.parse(data(events, "customer.updated").get("modified_at").asText()))
                .isAfter(Instant.parse(data(events, "checkout.updated").get("modified_at").asText()));
    }

    @Test
    void anonymousCheckout_isLinkedToNobody() {
        polar.customers().create(null);
        polar.takeEvents();

        open(null);

        assertThat(data(polar.takeEvents(), "checkout.created").get("customer_id").isNull()).isTrue();
    }

    @Test
    void purchase_endsWithTheBuyersAccess() {
        UUID checkout = open("org-new");
        polar.checkouts().confirm(checkout);
        polar.takeEvents();

        UUID subscription = polar.checkouts().succeed(checkout);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly(
                "subscription.created", "subscription.active", "subscription.updated", "order.created",
                "order.updated", "order.paid", "checkout.updated", "order.updated", "benefit_grant.created",
                "benefit_grant.created", "customer.state_changed");
        JsonNode succeeded = data(events, "checkout.updated");
        assertThat(succeeded.get("status").asText()).isEqualTo("succeeded");
        assertThat(succeeded.get("subscription_id").asText()).isEqualTo(subscription.toString());
        assertThat(json(events.get(3)).at("/data/status").asText()).as("of order.created").isEqualTo("paid");
        assertThat(data(events, "order.paid").get("is_invoice_generated").asBoolean()).isFalse();
        JsonNode withInvoice = data(events, "order.updated");
        assertThat(withInvoice.get("is_invoice_generated").asBoolean()).isTrue();
        assertThat(withInvoice.get("modified_at").isNull()).isFalse();
        assertThat(data(events, "order.paid").get("billing_reason").asText()).isEqualTo("subscription_create");
        assertThatThrownBy(() -> polar.checkouts().succeed(checkout)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void deletedCustomer_cannotConfirm() {
        UUID checkout = openFor(polar.customers().create("org-gone"));
        polar.takeEvents();

        assertThatThrownBy(() -> polar.checkouts().confirm(checkout)).isInstanceOf(IllegalStateException.class);
        assertThat(polar.takeEvents()).isEmpty();
    }

    private UUID openFor(UUID customer) {
        UUID checkout = open("org-gone");
        polar.customers().delete(customer);
        return checkout;
    }

    private UUID open(String externalCustomerId) {
        return polar.checkouts().open(polar.catalogue().pro(), externalCustomerId, Map.of(), false);
    }
}
