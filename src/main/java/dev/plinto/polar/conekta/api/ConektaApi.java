package dev.plinto.polar.conekta.api;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

/// The operations of Conekta's REST API that this service uses (Conekta's OpenAPI, version 2.3.0); [ConektaCalls] calls
/// them. Answers are bytes, since they are read with exact numbers. Statuses other than 2xx fail with [ErrorResponse].
@RegisterRestClient(configKey = "conekta")
@RegisterProvider(ErrorResponse.Mapper.class)
@Produces(ConektaApi.VERSION)
@Consumes(MediaType.APPLICATION_JSON)
interface ConektaApi {

    /// Sent as `Accept`: it names the version.
    String VERSION = "application/vnd.conekta-v2.3.0+json";

    @GET
    @Path("/orders/{id}")
    Uni<RestResponse<byte[]>> readOrder(@RestPath String id);

    @GET
    @Path("/customers/{customer}/subscriptions/{id}")
    Uni<RestResponse<byte[]>> readSubscription(@RestPath String customer, @RestPath String id);

    @GET
    @Path("/customers/{id}")
    Uni<RestResponse<byte[]>> readCustomer(@RestPath String id);

    @GET
    @Path("/customers/{customer}/subscriptions")
    Uni<RestResponse<byte[]>> listSubscriptions(@RestPath String customer, @RestQuery int limit);

    @POST
    @Path("/customers/{customer}/subscriptions/{id}/cancel")
    Uni<RestResponse<byte[]>> cancelSubscription(@RestPath String customer, @RestPath String id);

    @POST
    @Path("/customers/{customer}/subscriptions/{id}/pause")
    Uni<RestResponse<byte[]>> pauseSubscription(@RestPath String customer, @RestPath String id);

    @POST
    @Path("/customers/{customer}/subscriptions/{id}/resume")
    Uni<RestResponse<byte[]>> resumeSubscription(@RestPath String customer, @RestPath String id);

    @POST
    @Path("/subscriptions/{subscription}/customer_portal")
    Uni<RestResponse<byte[]>> openPortal(@RestPath String subscription);

    @DELETE
    @Path("/customers/{id}")
    Uni<RestResponse<byte[]>> deleteCustomer(@RestPath String id);
}
