package dev.plinto.polar.billing;

import dev.plinto.polar.Limit;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Permission;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/// What an organization bought and was charged, from our own database.
@Path("/api/v1/polar/orders")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.READ_BILLING)
public class ReadOrders {

    private final OrderQueries orders;

    ReadOrders(OrderQueries orders) {
        this.orders = orders;
    }

    /// Newest first.
    @GET
    public Uni<OrderPage> list(@QueryParam("organization_id") String organizationId,
            @QueryParam("cursor") @Nullable String cursor, @QueryParam("limit") @Nullable String limit) {
        return orders.list(organizationId, OrderCursor.of(cursor), Limit.of(limit));
    }
}
