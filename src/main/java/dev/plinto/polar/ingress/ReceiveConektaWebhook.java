package dev.plinto.polar.ingress;

import dev.plinto.polar.NoTokenNeeded;
import dev.plinto.polar.conekta.ConektaDialect;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/// Receives Conekta's deliveries.
@Path("/api/v1/conekta/webhooks")
@NoTokenNeeded // but a signature
public class ReceiveConektaWebhook {

    private final ReceiveWebhook deliveries;
    private final ConektaDialect conekta;

    ReceiveConektaWebhook(ReceiveWebhook deliveries, ConektaDialect conekta) {
        this.deliveries = deliveries;
        this.conekta = conekta;
    }

    @POST
    public Uni<Response> receive(@Context HttpServerRequest request) {
        return deliveries.receive(request, conekta);
    }
}
