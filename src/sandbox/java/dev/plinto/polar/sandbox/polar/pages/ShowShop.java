package dev.plinto.polar.sandbox.polar.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.HostedPage;
import dev.plinto.polar.sandbox.polar.pages.ShopPage.Buyer;
import dev.plinto.polar.sandbox.polar.pages.ShopPage.Offer;
import dev.plinto.polar.sandbox.polar.rest.LocalApi;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;

/// A page of the sandbox that Polar does not have: it stands for the application that sells. From here a person walks
/// through a purchase, or opens a customer's portal.
@Singleton
@Path("/sandbox/polar")
class ShowShop {

    private final HostedPolar polar;

    ShowShop(HostedPolar polar) {
        this.polar = polar;
    }

    @GET
    public Response show(@RestQuery("checkout_id") String checkout) {
        return page(bought(checkout), Problems.NONE, 200);
    }

    @POST
    @Path("/buy")
    public Response buy(
            @RestForm("product_id") String product, @RestForm("organization_id") String organization,
            @RestForm("seats") Integer seats, @Context UriInfo here) {
        String back = here.getBaseUri().resolve(polar.address("")).toString();
        ObjectNode body = JsonNodeFactory.instance.objectNode()
                .put("external_customer_id", organization)
                .put("success_url", back + "?checkout_id={CHECKOUT_ID}")
                .put("return_url", back);
        body.putArray("products").add(product);
        body.putObject("metadata").put("organization_id", organization);
        if (seats != null) {
            body.put("seats", seats);
        }
        LocalApi.Result made = polar.api().send("POST", "/checkouts/", body);
        return made.isSuccess()
                ? Pages.goTo(polar.address("/checkout/" + made.body().path("client_secret").asText()))
                : page(null, Problems.of(made), 422);
    }

    @POST
    @Path("/open-portal")
    public Response openPortal(@RestForm("customer_id") String customer, @Context UriInfo here) {
        ObjectNode body = JsonNodeFactory.instance.objectNode()
                .put("customer_id", customer)
                .put("return_url", here.getBaseUri().resolve(polar.address("")).toString());
        items("/customers/" + customer + "/members?limit=100")
                .filter(member -> member.path("role").asText().equals("owner"))
                .findFirst()
                .ifPresent(owner -> body.put("member_id", owner.path("id").asText()));
        LocalApi.Result session = polar.api().send("POST", "/customer-sessions/", body);
        return session.isSuccess()
                ? Pages.goTo(polar.address(
                        "/portal?customer_session_token=" + session.body().path("token").asText()))
                : page(null, Problems.of(session), 422);
    }

    /// Null if there is no such checkout, or it is not paid.
    private ShopPage.Bought bought(String checkout) {
        JsonNode found = checkout == null
                ? MissingNode.getInstance()
                : polar.api().get("/checkouts/" + checkout).body();
        return found.path("status").asText().equals("succeeded")
                ? new ShopPage.Bought(checkout, found.at("/metadata/organization_id").asText())
                : null;
    }

    private Response page(ShopPage.Bought bought, Problems problems, int status) {
        return HostedPage.answer(status, Pages.shop(new ShopPage(
                polar.merchant(), polar.address(""),
                items("/products/?limit=100&is_archived=false&sorting=created_at").map(ShowShop::offer).toList(),
                items("/customers/?limit=100").map(customer -> new Buyer(
                        customer.path("id").asText(), Shown.text(customer, "external_id"),
                        Shown.text(customer, "email"))).toList(),
                polar.invitations(), bought,
                problems.fields().values().stream().findFirst().orElse(problems.general()))));
    }

    private static Offer offer(JsonNode product) {
        JsonNode price = product.at("/prices/0");
        boolean seats = price.path("amount_type").asText().equals("seat_based");
        JsonNode cents = seats ? price.at("/seat_tiers/tiers/0/price_per_seat") : price.path("price_amount");
        return new Offer(
                product.path("id").asText(), Shown.text(product, "name"),
                Shown.money(cents.asLong(), price.path("price_currency").asText("eur")),
                (seats ? "per seat, " : "") + Shown.period(product),
                StreamSupport.stream(product.path("benefits").spliterator(), false)
                        .map(benefit -> Shown.text(benefit, "description")).toList(),
                seats);
    }

    private Stream<JsonNode> items(String path) {
        return StreamSupport.stream(polar.api().get(path).body().path("items").spliterator(), false);
    }
}
