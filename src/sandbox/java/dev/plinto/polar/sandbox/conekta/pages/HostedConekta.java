package dev.plinto.polar.sandbox.conekta.pages;

import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import dev.plinto.polar.sandbox.conekta.live.SandboxConekta;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.function.Function;

/// The simulated Conekta as its pages see it. What is due happens before a page is shown.
@RequestScoped
class HostedConekta {

    static final String MERCHANT = "Plinto";

    private final SandboxConekta conekta;

    HostedConekta(SandboxConekta conekta, HttpServerRequest request) {
        this.conekta = conekta;
        conekta.useServicePort(request.localAddress().port());
    }

    <T> T with(Function<SimulatedConekta, T> action) {
        SimulatedConekta simulation = conekta.simulation();
        return simulation.exclusively(() -> {
            simulation.calendar().catchUp();
            return action.apply(simulation);
        });
    }

    static Response goTo(String address) {
        return Response.seeOther(URI.create(address)).header("Cache-Control", "no-store").build();
    }
}
