package dev.plinto.polar.sandbox.polar.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.sandbox.polar.DueWork;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Triggered.Delivery;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Moves the simulated Polar's clock forward: what is due in the time between happens at its moment, and is delivered
/// to this service in this order.
@Singleton
@Path("/sandbox/clock")
@Produces(MediaType.APPLICATION_JSON)
class MoveClock {

    private final SandboxPolar polar;
    private final DeliverScenario deliver;
    private final Turns turns;
    private final ServiceSchedule schedule;
    private final ObjectMapper json;

    MoveClock(SandboxPolar polar, DeliverScenario deliver, Turns turns, ServiceSchedule schedule, ObjectMapper json) {
        this.polar = polar;
        this.deliver = deliver;
        this.turns = turns;
        this.schedule = schedule;
        this.json = json;
    }

    @GET
    @Blocking
    public Clock show(@Context HttpServerRequest request) {
        polar.useServicePort(request.localAddress().port());
        return clock();
    }

    /// Answers once each event has been answered. Accepts any content type, so that `curl -d '{…}'` works.
    @POST
    @Blocking
    @Consumes(MediaType.WILDCARD)
    public Moved move(byte[] body, @Context HttpServerRequest request) throws InterruptedException {
        polar.useServicePort(request.localAddress().port());
        return turns.ofTheClock(() -> {
            SandboxPolar.Moved moved = polar.move(ClockMove.read(body, json, polar.simulation().now()));
            List<Delivery> deliveries = deliver.all(moved.deliveries(), Optional.empty());
            schedule.passed(moved.by());
            Clock clock = clock();
            return new Moved(clock.time, clock.offset, clock.next, moved.done().stream().map(Dated::of).toList(),
                    deliveries);
        });
    }

    private Clock clock() {
        SimulatedPolar simulation = polar.simulation();
        return simulation.exclusively(() -> new Clock(
                Rfc3339.format(simulation.now()),
                simulation.calendar().ahead().toString(),
                simulation.calendar().next().map(Dated::of).orElse(null)));
    }

    /// `offset` is how far it is ahead of the machine's clock; `next` is what is due next, null if nothing is.
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Clock(String time, String offset, Dated next) {}

    /// `happened` is what was due in the time between, in its order.
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Moved(
            String time, String offset, Dated next, List<Dated> happened, List<Delivery> deliveries) {}

    record Dated(String type, UUID id, String at) {

        static Dated of(DueWork work) {
            return new Dated(work.type().wireName(), work.id(), Rfc3339.format(work.at()));
        }
    }
}
