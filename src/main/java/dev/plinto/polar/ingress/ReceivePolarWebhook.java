package dev.plinto.polar.ingress;

import dev.plinto.polar.NoTokenNeeded;
import dev.plinto.polar.polar.PolarDialect;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/// Receives Polar's deliveries.
@Path("/api/v1/polar/webhooks")
@NoTokenNeeded // but a signature
public class ReceivePolarWebhook {

    private final ReceiveWebhook deliveries;
    private final PolarDialect polar;

    ReceivePolarWebhook(ReceiveWebhook deliveries, PolarDialect polar) {
        this.deliveries = deliveries;
        this.polar = polar;
    }

    @POST
    public Uni<Response> receive(@Context HttpServerRequest request) {
        return deliveries.receive(request, polar);
    }
}
