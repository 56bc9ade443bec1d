package dev.plinto.polar.polar.api;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// The part of [PolarApi] that sells: what is called for one organization. Bodies are JSON, by [RequestBody].
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
interface PolarSellingApi {

    @POST
    @Path("/checkouts/")
    Uni<RestResponse<byte[]>> createCheckout(String checkout);

    @GET
    @Path("/checkouts/{id}")
    Uni<RestResponse<byte[]>> readCheckout(@RestPath String id);

    @GET
    @Path("/checkouts/")
    Uni<RestResponse<byte[]>> listCheckoutsOf(@RestQuery("customer_id") @Nullable String customerId,
            @RestQuery("external_customer_id") @Nullable String externalId, @RestQuery String sorting,
            @RestQuery int limit, @RestQuery int page);

    @GET
    @Path("/customers/external/{external_id}")
    Uni<RestResponse<byte[]>> readCustomerWithExternalId(@RestPath("external_id") String externalId);

    @GET
    @Path("/customers/")
    Uni<RestResponse<byte[]>> listCustomersWithEmail(@RestQuery String email, @RestQuery int limit,
            @RestQuery int page);

    @POST
    @Path("/customers/")
    Uni<RestResponse<byte[]>> createCustomer(String customer);

    @PATCH
    @Path("/customers/{id}")
    Uni<RestResponse<byte[]>> updateCustomer(@RestPath String id, String change);

    @DELETE
    @Path("/customers/{id}")
    Uni<RestResponse<byte[]>> deleteCustomer(@RestPath String id, @RestQuery boolean anonymize);

    @GET
    @Path("/customers/external/{external_id}/members/{member_external_id}")
    Uni<RestResponse<byte[]>> readMemberWithExternalId(@RestPath("external_id") String customer,
            @RestPath("member_external_id") String member);

    @GET
    @Path("/customers/{id}/members")
    Uni<RestResponse<byte[]>> listMembersOf(@RestPath String id, @RestQuery String sorting, @RestQuery int limit,
            @RestQuery int page);

    @POST
    @Path("/customers/{id}/members")
    Uni<RestResponse<byte[]>> createMember(@RestPath String id, String member);

    @PATCH
    @Path("/customers/{id}/members/{member_id}")
    Uni<RestResponse<byte[]>> updateMember(@RestPath String id, @RestPath("member_id") String member, String change);

    @POST
    @Path("/customer-sessions/")
    Uni<RestResponse<byte[]>> createCustomerSession(String session);

    @GET
    @Path("/subscriptions/")
    Uni<RestResponse<byte[]>> listSubscriptionsOf(@RestQuery("customer_id") String customerId,
            @RestQuery String sorting, @RestQuery int limit, @RestQuery int page);

    @POST
    @Path("/subscriptions/")
    Uni<RestResponse<byte[]>> createSubscription(String subscription);

    @PATCH
    @Path("/subscriptions/{id}")
    Uni<RestResponse<byte[]>> updateSubscription(@RestPath String id, String change);

    @GET
    @Path("/customer-seats")
    Uni<RestResponse<byte[]>> listSeatsOf(@RestQuery("subscription_id") String subscriptionId);

    @POST
    @Path("/customer-seats")
    Uni<RestResponse<byte[]>> assignSeat(String seat);

    @DELETE
    @Path("/customer-seats/{seat_id}")
    Uni<RestResponse<byte[]>> revokeSeat(@RestPath("seat_id") String id);

    @GET
    @Path("/orders/")
    Uni<RestResponse<byte[]>> listOrdersOf(@RestQuery("checkout_id") String checkoutId, @RestQuery String sorting,
            @RestQuery int limit, @RestQuery int page);

    @GET
    @Path("/orders/")
    Uni<RestResponse<byte[]>> listOrdersOfCustomer(@RestQuery("customer_id") String customerId,
            @RestQuery String sorting, @RestQuery int limit, @RestQuery int page);

    @GET
    @Path("/orders/{id}")
    Uni<RestResponse<byte[]>> readOrder(@RestPath String id);

    @POST
    @Path("/orders/{id}/invoice")
    Uni<RestResponse<byte[]>> generateInvoice(@RestPath String id);

    @GET
    @Path("/orders/{id}/invoice")
    Uni<RestResponse<byte[]>> readInvoice(@RestPath String id);

    /// Not of one organization, but of many.
    @POST
    @Path("/events/ingest")
    Uni<RestResponse<byte[]>> ingestEvents(String events);
}
