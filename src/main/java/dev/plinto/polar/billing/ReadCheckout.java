package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.access.CurrentAccess;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
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

    private static final int USUAL_WAIT = 25;
    private static final int LONGEST_WAIT = 55;

    private final PurchaseQueries purchases;
    private final AwaitPurchases await;
    private final CurrentAccess access;
    private final CallCheck check;

    ReadCheckout(PurchaseQueries purchases, AwaitPurchases await, CurrentAccess access, CallCheck check) {
        this.purchases = purchases;
        this.await = await;
        this.access = access;
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

    private record Owned(Purchase purchase, String organization) {}

    @GET
    @Path("{checkout_id}")
    public Uni<Checkout> read(@RestPath("checkout_id") String checkoutId) {
        return find(checkoutId).map(found -> Checkout.of(found.purchase, found.organization));
    }

    /// Answers as soon as it is decided whether what was bought counts, and with what is known when the wait is over.
    ///
    /// @param wait in seconds, from 0 to 55
    @GET
    @Path("{checkout_id}/activation")
    public Uni<Activation> activation(@RestPath("checkout_id") String checkoutId,
            @QueryParam("wait") @Nullable String wait) {
        Duration patience = patience(wait);
        return find(checkoutId).chain(found -> await.await(found.purchase, found.organization, patience)
                .chain(newest -> access.of(found.organization).map(set -> Activation.of(newest, set))));
    }

    /// 404 `checkout-unknown` also for the checkout of another organization.
    private Uni<Owned> find(String checkoutId) {
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
            return new Owned(purchase, organization);
        });
    }

    private static Duration patience(@Nullable String wait) {
        try {
            int seconds = wait == null ? USUAL_WAIT : Integer.parseInt(wait);
            if (seconds >= 0 && seconds <= LONGEST_WAIT) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException invalid) {
            // thrown below
        }
        throw new Problem("parameter-invalid", 400, "The query parameter wait is not valid",
                "It is a whole number of seconds from 0 to " + LONGEST_WAIT + ".").exception();
    }
}
