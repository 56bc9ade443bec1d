package dev.plinto.polar.sandbox.conekta.pages;

import dev.plinto.polar.sandbox.HostedPage;
import dev.plinto.polar.sandbox.conekta.Refusal;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import dev.plinto.polar.sandbox.conekta.pages.ConektaPages.Message;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;

/// The customer portal of one subscription: pause, resume, cancel.
@Singleton
@Path("/sandbox/conekta/portal/{slug}")
class ShowConektaPortal {

    private final HostedConekta conekta;

    ShowConektaPortal(HostedConekta conekta) {
        this.conekta = conekta;
    }

    @GET
    public Response show(@RestPath String slug) {
        return conekta.with(simulation -> page(simulation, slug, null, 200));
    }

    /// After an act that has succeeded, the browser reads the portal anew.
    @POST
    public Response act(@RestPath String slug, @RestForm String act) {
        return conekta.with(simulation -> {
            Optional<String> subscription = simulation.portals().atSlug(slug);
            if (subscription.isEmpty()) {
                return page(simulation, slug, null, 404);
            }
            try {
                act(simulation, subscription.get(), String.valueOf(act));
            } catch (Refusal e) {
                return page(simulation, slug, e.getMessage(), 422);
            }
            return HostedConekta.goTo("/sandbox/conekta/portal/" + slug);
        });
    }

    private static void act(SimulatedConekta simulation, String subscription, String act) {
        switch (act) {
            case "pause" -> simulation.subscriptions().pause(subscription);
            case "resume" -> simulation.subscriptions().resume(subscription);
            case "cancel" -> simulation.subscriptions().cancel(subscription);
            default -> throw Refusal.invalid("act", "Choose what to do.");
        }
    }

    private static Response page(SimulatedConekta simulation, String slug, String problem, int status) {
        return simulation.portals().atSlug(slug)
                .map(id -> HostedPage.answer(status, ConektaPages.portal(PortalPage.of(
                        simulation.records().portal(id), simulation.records().subscription(id), problem))))
                .orElseGet(() -> HostedPage.answer(404, ConektaPages.message(Message.of(
                        "There is no such portal", "Make one at the simulated Conekta, and open its portal_url."))));
    }
}
