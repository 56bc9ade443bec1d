package dev.plinto.polar.sandbox.conekta.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.HostedPage;
import dev.plinto.polar.sandbox.conekta.PaymentMethod;
import dev.plinto.polar.sandbox.conekta.Refusal;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import dev.plinto.polar.sandbox.conekta.pages.ConektaPages.Message;
import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;

/// The hosted checkout: a person pays by card, is declined, or takes a reference for OXXO or a number for SPEI, and
/// pays with it later on the same page, or lets it expire. Who closes the page has bought nothing.
@Singleton
@Path("/sandbox/conekta/checkout/{slug}")
class ShowConektaCheckout {

    private static final String DECLINED = "Your bank has declined the payment. Try another way.";

    private final HostedConekta conekta;

    ShowConektaCheckout(HostedConekta conekta) {
        this.conekta = conekta;
    }

    @GET
    public Response show(@RestPath String slug) {
        return conekta.with(simulation -> page(simulation, slug, null, 200));
    }

    /// After an act that has succeeded, the browser reads the page anew, so that a reload does not repeat the act.
    @POST
    public Response act(@RestPath String slug, @RestForm String act, @RestForm("plan_id") Optional<String> plan) {
        return conekta.with(simulation -> {
            Optional<String> order = simulation.orders().atSlug(slug);
            if (order.isEmpty()) {
                return page(simulation, slug, null, 404);
            }
            try {
                act(simulation, order.get(), String.valueOf(act), plan);
            } catch (Refusal e) {
                return page(simulation, slug, e.getMessage(), 422);
            }
            return "card-declined".equals(act)
                    ? page(simulation, slug, DECLINED, 422)
                    : HostedConekta.goTo("/sandbox/conekta/checkout/" + slug);
        });
    }

    private static void act(SimulatedConekta simulation, String order, String act, Optional<String> plan) {
        switch (act) {
            case "card-pays" -> plan.ifPresentOrElse(
                    id -> simulation.payments().payByCard(order, id), () -> simulation.payments().payByCard(order));
            case "card-declined" -> simulation.payments().declineCard(order);
            case "pay-reference" -> simulation.payments().payReference(order);
            case "expire" -> simulation.orders().expire(order);
            default -> simulation.payments().takeReference(order, PaymentMethod.fromWireName(act)
                    .orElseThrow(() -> Refusal.invalid("act", "Choose how to pay.")));
        }
    }

    private static Response page(SimulatedConekta simulation, String slug, String problem, int status) {
        Optional<ObjectNode> order = simulation.orders().atSlug(slug).map(simulation.records()::order);
        if (order.isEmpty()) {
            return HostedPage.answer(404, ConektaPages.message(Message.of("There is no such checkout",
                    "Make an order with a checkout at the simulated Conekta, and open its url.")));
        }
        JsonNode checkout = order.get().path("checkout");
        return switch (checkout.path("status").asText()) {
            case "Finalized" -> checkout.has("success_url")
                    ? HostedConekta.goTo(checkout.path("success_url").asText())
                    : HostedPage.answer(200, ConektaPages.message(Message.of("Thank you", "It is paid.")));
            case "Issued" -> HostedPage.answer(status, open(simulation, order.get(), problem));
            default -> HostedPage.answer(410, ConektaPages.message(Message.of("This checkout is over",
                    "Nothing was bought. Go back to the merchant and begin a new one.")));
        };
    }

    private static TemplateInstance open(SimulatedConekta simulation, JsonNode order, String problem) {
        for (JsonNode charge : order.path("charges").path("data")) {
            if (charge.path("status").asText().equals("pending_payment")) {
                return ConektaPages.reference(ReferencePage.of(order, charge, problem));
            }
        }
        return ConektaPages.checkout(CheckoutPage.of(simulation, order, problem));
    }
}
