package dev.plinto.polar.sandbox.conekta.live;

import dev.plinto.polar.Problem;
import dev.plinto.polar.sandbox.conekta.ConektaScenario;
import dev.plinto.polar.sandbox.provider.Triggered;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/// Plays a [ConektaScenario] at the simulated Conekta and delivers its events to this service, one after the other.
@Singleton
@Path(SandboxConekta.ROOT + "/trigger/{scenario}")
class TriggerConektaScenario {

    private final SandboxConekta conekta;

    TriggerConektaScenario(SandboxConekta conekta) {
        this.conekta = conekta;
    }

    /// Answers once each event has been answered. Without an organization it creates a new one, named in the answer.
    @POST
    @Blocking
    @Produces(MediaType.APPLICATION_JSON)
    public Triggered trigger(
            @RestPath("scenario") String name,
            @RestQuery("organization_id") Optional<String> organizationId,
            @Context HttpServerRequest request)
            throws InterruptedException {
        ConektaScenario scenario = ConektaScenario.fromWireName(name).orElseThrow(() -> unknown().exception());
        String organization = Triggered.organization(organizationId);
        conekta.useServicePort(request.localAddress().port());
        SandboxConekta.Played played = conekta.play(scenario, organization);
        return new Triggered(name, organization, played.made().customerId(), played.made().subscriptionId(),
                conekta.deliver(played.deliveries()));
    }

    private static Problem unknown() {
        return new Problem("unknown-scenario", 404, "No such scenario", "Scenarios: "
                + Arrays.stream(ConektaScenario.values()).map(ConektaScenario::wireName)
                        .collect(Collectors.joining(", ")));
    }
}
