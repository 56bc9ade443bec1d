package dev.plinto.polar.sandbox.polar.pages;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/// The hosted checkout: a person looks at the offer, fills in who pays, and pays with a test card, is declined, or
/// leaves. Then Polar sends the person back to the merchant's site.
@Singleton
@Path("/sandbox/polar/checkout/{client_secret}")
class ShowCheckout {

    /// After the confirmation, an open checkout is one that the bank has declined.
    private static final Problems DECLINED = new Problems(
            Map.of(), "Your bank has declined the payment. Try another card.");

    private final HostedPolar polar;

    ShowCheckout(HostedPolar polar) {
        this.polar = polar;
    }

    @GET
    public Response show(@RestPath("client_secret") String secret, @RestQuery("paid") boolean paid) {
        return page(secret, Map.of(), paid ? DECLINED : Problems.NONE, 200);
    }

    /// Where Polar sends a buyer whose merchant has named no page.
    @GET
    @Path("/confirmation")
    public Response confirm(@RestPath("client_secret") String secret) {
        boolean bought = polar.api().get(client(secret)).body().path("status").asText().equals("succeeded");
        return bought
                ? HostedPage.answer(200, Pages.message(Message.of(polar.merchant(), "Thank you", "It is paid.")))
                : page(secret, Map.of(), Problems.NONE, 200);
    }

    @POST
    public Response act(@RestPath("client_secret") String secret, MultivaluedMap<String, String> sent) {
        Map<String, String> form = new HashMap<>();
        sent.forEach((name, values) -> form.put(name, values.getFirst().strip()));
        boolean pays = "pay".equals(form.get("act"));
        LocalApi.Result result = pays
                ? polar.api().send("POST", client(secret) + "/confirm", confirmation(form))
                : polar.api().send("PATCH", client(secret), change(secret, form));
        if (result.isSuccess()) {
            return pays
                    ? Pages.goTo(polar.address("/checkout/" + secret + "?paid=true"))
                    : page(secret, form, Problems.NONE, 200);
        }
        return page(secret, form, Problems.of(result), 422);
    }

    private Response page(String secret, Map<String, String> form, Problems problems, int status) {
        LocalApi.Result read = polar.api().get(client(secret));
        if (read.status() == 410) {
            return HostedPage.answer(410, Pages.message(Message.of(polar.merchant(), "This checkout has expired",
                    "Nothing was bought. Go back to the merchant and begin a new one.")));
        }
        if (!read.isSuccess()) {
            return HostedPage.answer(404, Pages.message(Message.of(polar.merchant(), "There is no such checkout",
                    "Begin one with POST /v1/checkouts/ of the simulated Polar, and open its url.")));
        }
        JsonNode checkout = read.body();
        return switch (checkout.path("status").asText()) {
            case "confirmed" -> HostedPage.answer(200, Pages.message(new Message(polar.merchant(),
                    "Your bank is asked", "The payment is under way. This page goes on by itself.", null, null, true)));
            case "succeeded" -> Pages.goTo(checkout.path("success_url").asText());
            default -> HostedPage.answer(status, Pages.checkout(CheckoutPage.of(checkout, form, problems)));
        };
    }

    private static String client(String secret) {
        return "/checkouts/client/" + secret;
    }

    /// An empty code takes a discount away. What was typed for a product does not count for another one.
    private ObjectNode change(String secret, Map<String, String> form) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        String product = form.get("product_id");
        if (product != null && !product.equals(polar.api().get(client(secret)).body().path("product_id").asText())) {
            return body.put("product_id", product);
        }
        if (form.containsKey("seats")) {
            seats(body, form.get("seats"));
        }
        String code = form.get("discount_code");
        if (code != null) {
            body.put("discount_code", code.isEmpty() ? null : code);
        }
        return body;
    }

    private static ObjectNode confirmation(Map<String, String> form) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        for (String field : List.of("email", "name")) {
            if (!form.getOrDefault(field, "").isEmpty()) {
                body.put("customer_" + field, form.get(field));
            }
        }
        if (!form.getOrDefault("country", "").isEmpty()) {
            body.putObject("customer_billing_address").put("country", form.get("country"));
        }
        if (!form.getOrDefault("discount_code", "").isEmpty()) {
            body.put("discount_code", form.get("discount_code"));
        }
        if (form.containsKey("seats")) {
            seats(body, form.get("seats"));
        }
        if (form.containsKey("card")) {
            body.put("confirmation_token_id", form.get("card"));
        }
        return body;
    }

    /// What is no number is sent as it is, so that Polar names what is wrong.
    private static void seats(ObjectNode body, String typed) {
        if (typed.matches("[0-9]{1,9}")) {
            body.put("seats", Integer.parseInt(typed));
        } else {
            body.put("seats", typed);
        }
    }
}
