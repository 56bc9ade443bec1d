package dev.plinto.polar.sandbox.polar.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.plinto.polar.sandbox.HostedPage;
import dev.plinto.polar.sandbox.polar.pages.Pages.Message;
import dev.plinto.polar.sandbox.polar.rest.LocalApi;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;

/// The page that the invitation to a seat leads to.
@Singleton
@Path("/sandbox/polar/seats/claim")
class ClaimSeat {

    private final HostedPolar polar;

    ClaimSeat(HostedPolar polar) {
        this.polar = polar;
    }

    @GET
    public Response show(@RestQuery("invitation_token") String token) {
        return page(token, null, 200);
    }

    @POST
    public Response claim(@RestForm("invitation_token") String token) {
        LocalApi.Result claimed = polar.api().send("POST", "/customer-seats/claim",
                JsonNodeFactory.instance.objectNode().put("invitation_token", token));
        if (!claimed.isSuccess()) {
            return page(token, Problems.of(claimed).general(), claimed.status());
        }
        return HostedPage.answer(200, Pages.message(Message.of(polar.merchant(), "The seat is yours",
                "You can use what comes with it in a moment.")));
    }

    private Response page(String token, String problem, int status) {
        LocalApi.Result info = polar.api().get("/customer-seats/claim/" + (token == null ? "none" : token));
        JsonNode seat = info.body();
        if (!info.isSuccess() || !seat.path("can_claim").asBoolean()) {
            return HostedPage.answer(404, Pages.message(Message.of(polar.merchant(), "This invitation does not count",
                    "It has expired, or the seat is claimed or taken back. Ask for a new one.")));
        }
        return HostedPage.answer(status, Pages.claim(new ClaimPage(
                polar.merchant(), Shown.text(seat, "product_name"), Shown.text(seat, "customer_email"), token,
                polar.address("/seats/claim"), problem)));
    }

    /// `problem` is null if there is none.
    record ClaimPage(String merchant, String product, String email, String token, String action, String problem) {}
}
