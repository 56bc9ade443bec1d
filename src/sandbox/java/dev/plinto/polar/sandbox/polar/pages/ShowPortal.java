package dev.plinto.polar.sandbox.polar.pages;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.HostedPage;
import dev.plinto.polar.sandbox.polar.pages.Pages.Message;
import dev.plinto.polar.sandbox.polar.rest.LocalApi;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestQuery;

/// The customer portal, for whoever has a customer session: subscriptions, seats, orders.
@Singleton
@Path("/sandbox/polar/portal")
class ShowPortal {

    private final HostedPolar polar;
    private final PortalContent content;

    ShowPortal(HostedPolar polar, PortalContent content) {
        this.polar = polar;
        this.content = content;
    }

    @GET
    public Response show(@RestQuery("customer_session_token") String token) {
        return page(token, Problems.NONE, 200);
    }

    /// After an act that has succeeded, the browser reads the portal anew, so that a reload does not repeat the act.
    @POST
    public Response act(MultivaluedMap<String, String> form) {
        String token = form.getFirst("customer_session_token");
        Optional<HostedPolar.Visitor> visitor = polar.visitor(token);
        if (visitor.isEmpty()) {
            return noSession();
        }
        if (!content.isOf(visitor.get(), form)) {
            return page(token, new Problems(Map.of(), "This is not yours."), 404);
        }
        LocalApi.Result result = act(form.getFirst("act"), form);
        if (!result.isSuccess()) {
            return page(token, Problems.of(result), 422);
        }
        return Pages.goTo(result.body().path("url").asText(polar.address("/portal?customer_session_token=" + token)));
    }

    private LocalApi.Result act(String act, MultivaluedMap<String, String> form) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        String subscription = "/subscriptions/" + form.getFirst("subscription_id");
        return switch (String.valueOf(act)) {
            case "cancel" -> {
                String reason = form.getFirst("reason");
                body.put("cancel_at_period_end", true)
                        .put("customer_cancellation_reason", reason == null || reason.isEmpty() ? null : reason);
                yield polar.api().send("PATCH", subscription, body);
            }
            case "uncancel" -> polar.api().send("PATCH", subscription, body.put("cancel_at_period_end", false));
            case "change" -> polar.api().send(
                    "PATCH", subscription, body.put("product_id", form.getFirst("product_id")));
            case "assign-seat" -> polar.api().send("POST", "/customer-seats",
                    body.put("subscription_id", form.getFirst("subscription_id"))
                            .put("email", form.getFirst("email")));
            case "revoke-seat" -> polar.api().send("DELETE", "/customer-seats/" + form.getFirst("seat_id"), null);
            default -> invoice("/orders/" + form.getFirst("order_id") + "/invoice");
        };
    }

    private LocalApi.Result invoice(String path) {
        LocalApi.Result known = polar.api().get(path);
        if (known.isSuccess()) {
            return known;
        }
        LocalApi.Result asked = polar.api().send("POST", path, null);
        return asked.isSuccess() ? polar.api().get(path) : asked;
    }

    private Response page(String token, Problems problems, int status) {
        return polar.visitor(token)
                .map(visitor -> HostedPage.answer(status, Pages.portal(content.of(visitor, token, problems))))
                .orElseGet(this::noSession);
    }

    private Response noSession() {
        return HostedPage.answer(401, Pages.message(Message.of(polar.merchant(), "Your session is over",
                "A session lasts an hour. Go back to the application and open the portal again.")));
    }
}
