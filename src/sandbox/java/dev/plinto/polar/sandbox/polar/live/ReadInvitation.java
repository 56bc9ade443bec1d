package dev.plinto.polar.sandbox.polar.live;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;

/// Stands for the e-mail in which Polar sends the secret of a seat's invitation: no e-mail leaves the sandbox.
@Singleton
@Path("/sandbox/polar/invitations/{seat}")
@Produces(MediaType.APPLICATION_JSON)
class ReadInvitation {

    private final SandboxPolar polar;

    ReadInvitation(SandboxPolar polar) {
        this.polar = polar;
    }

    @GET
    public Invitation invitation(@RestPath UUID seat) {
        SimulatedPolar simulation = polar.simulation();
        return simulation.exclusively(() -> simulation.seatAssignments().tokenOf(seat))
                .map(Invitation::new)
                .orElseThrow(() -> new Problem("unknown-invitation", 404, "No such invitation",
                        "No invitation waits for its member at this seat").exception());
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Invitation(String invitationToken) {}
}
