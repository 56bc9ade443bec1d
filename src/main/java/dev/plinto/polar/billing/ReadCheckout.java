package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.caller.CallCheck;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Needs.OrganizationIn;
import dev.plinto.polar.caller.Permission;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// What has become of a checkout, from what Polar has told.
@Path("/api/v1/polar/checkout")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(value = Permission.READ, organization = OrganizationIn.METHOD)
public class ReadCheckout {

    private static final Problem UNKNOWN = new Problem("checkout-unknown", 404, "There is no such checkout",
            "Send the checkout_id that POST /api/v1/polar/checkout answered, for an organization of your token.");

    private static final Pattern ID = Pattern.compile("[!-~]{1,256}");

    private final PurchaseQueries purchases;
    private final CallCheck check;

    ReadCheckout(PurchaseQueries purchases, CallCheck check) {
        this.purchases = purchases;
        this.check = check;
    }

    /// The response: `activation` says whether what was bought counts.
    @JsonNaming(SnakeCaseStrategy.class)
    public record Checkout(String checkoutId, String provider, String status, String organizationId,
            @Nullable String productId, @Nullable String subscriptionId, @Nullable String orderId,
            @Nullable String createdAt, @Nullable String expiresAt, String activation) {

        static Checkout of(Purchase purchase, String organizationId) {
            return new Checkout(purchase.checkoutId(), "polar", purchase.status(), organizationId,
                    purchase.productId(), idOf(purchase.subscription()), idOf(purchase.order()),
                    purchase.createdAt(), purchase.expiresAt(), purchase.activation().wireName());
        }

        private static @Nullable String idOf(Purchase.@Nullable Sold sold) {
            return sold == null ? null : sold.id();
        }
    }

    /// 404 `checkout-unknown` also for the checkout of another organization.
    @GET
    @Path("{checkout_id}")
    public Uni<Checkout> read(@RestPath("checkout_id") String checkoutId) {
        if (!ID.matcher(checkoutId).matches()) {
            throw UNKNOWN.exception();
        }
        return purchases.find(checkoutId).map(found -> {
            Purchase purchase = found.orElseThrow(UNKNOWN::exception);
            String organization = purchase.organizationId();
            if (organization == null) {
                throw UNKNOWN.exception();
            }
            check.require(organization, UNKNOWN);
            return Checkout.of(purchase, organization);
        });
    }
}
