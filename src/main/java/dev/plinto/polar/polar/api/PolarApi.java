package dev.plinto.polar.polar.api;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// The operations of Polar's REST API that this service uses; [PolarCalls] calls them. Answers are bytes, since
/// [dev.plinto.polar.polar.Payload] reads them tolerantly and with exact numbers. Statuses other than 2xx fail with
/// [ErrorResponse].
///
/// Paths of lists end in a slash, exactly as Polar's: it redirects a path without one.
@RegisterRestClient(configKey = "polar")
@RegisterProvider(ErrorResponse.Mapper.class)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
interface PolarApi extends PolarSellingApi {

    @GET
    @Path("/customers/")
    Uni<RestResponse<byte[]>> listCustomers(@RestQuery String sorting, @RestQuery int limit, @RestQuery int page);

    @GET
    @Path("/customers/{id}")
    Uni<RestResponse<byte[]>> readCustomer(@RestPath String id);

    @GET
    @Path("/subscriptions/")
    Uni<RestResponse<byte[]>> listSubscriptions(@RestQuery String sorting, @RestQuery int limit, @RestQuery int page);

    @GET
    @Path("/subscriptions/{id}")
    Uni<RestResponse<byte[]>> readSubscription(@RestPath String id);

    /// @param customerId null for all customers
    @GET
    @Path("/benefit-grants/")
    Uni<RestResponse<byte[]>> listGrants(@RestQuery("customer_id") @Nullable String customerId,
            @RestQuery String sorting, @RestQuery int limit, @RestQuery int page);

    @GET
    @Path("/products/")
    Uni<RestResponse<byte[]>> listProducts(@RestQuery String sorting, @RestQuery int limit, @RestQuery int page);

    @GET
    @Path("/meters/")
    Uni<RestResponse<byte[]>> listMeters(@RestQuery String sorting, @RestQuery int limit, @RestQuery int page);

    @GET
    @Path("/orders/")
    Uni<RestResponse<byte[]>> listOrders(@RestQuery String sorting, @RestQuery int limit, @RestQuery int page);

    @GET
    @Path("/checkouts/")
    Uni<RestResponse<byte[]>> listCheckouts(@RestQuery String sorting, @RestQuery int limit, @RestQuery int page);

    @GET
    @Path("/customers/{id}/members")
    Uni<RestResponse<byte[]>> listMembers(@RestPath String id, @RestQuery String sorting, @RestQuery int limit,
            @RestQuery int page);

    @GET
    @Path("/customers/{id}/members/{member_id}")
    Uni<RestResponse<byte[]>> readMember(@RestPath String id, @RestPath("member_id") String memberId);

    /// Not in pages. One of the two parameters is null.
    @GET
    @Path("/customer-seats")
    Uni<RestResponse<byte[]>> listSeats(@RestQuery("subscription_id") @Nullable String subscriptionId,
            @RestQuery("order_id") @Nullable String orderId);

    @GET
    @Path("/customer-meters/")
    Uni<RestResponse<byte[]>> listCustomerMeters(@RestQuery String sorting, @RestQuery int limit, @RestQuery int page);

    @GET
    @Path("/webhooks/endpoints")
    Uni<RestResponse<byte[]>> listEndpoints(@RestQuery int limit, @RestQuery int page);

    /// @param change JSON: the fields that change
    @PATCH
    @Path("/webhooks/endpoints/{id}")
    Uni<RestResponse<byte[]>> updateEndpoint(@RestPath String id, String change);

    @GET
    @Path("/webhooks/deliveries")
    Uni<RestResponse<byte[]>> listDeliveries(@RestQuery("endpoint_id") String endpointId,
            @RestQuery("start_timestamp") Instant from, @RestQuery("end_timestamp") Instant until,
            @RestQuery int limit, @RestQuery int page);
}
