package dev.plinto.polar.sandbox.polar.live;

import dev.plinto.polar.Problem;
import dev.plinto.polar.polar.EventType;
import dev.plinto.polar.sandbox.polar.Chaos;
import dev.plinto.polar.sandbox.polar.Scenario;
import dev.plinto.polar.sandbox.polar.ScenarioPlayer;
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
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/// Plays a scenario at the simulated Polar and delivers its events to this service: a [Scenario], an event of a given
/// [type][EventType], or a purchase with [Chaos].
///
/// Triggers for one organization are played and delivered one after the other, those for several in parallel.
@Singleton
@Path("/sandbox/polar/trigger/{scenario}")
class TriggerScenario {

    private final SandboxPolar polar;
    private final DeliverScenario deliver;
    private final Turns turns;

    TriggerScenario(SandboxPolar polar, DeliverScenario deliver, Turns turns) {
        this.polar = polar;
        this.deliver = deliver;
        this.turns = turns;
    }

    /// Answers once each event has been answered. Without an organization it creates a new one, named in the answer.
    @POST
    @Blocking
    @Produces(MediaType.APPLICATION_JSON)
    public Triggered trigger(
            @RestPath("scenario") String name,
            @RestQuery("organization_id") Optional<String> organizationId,
            @RestQuery("chaos") Optional<String> chaosName,
            @Context HttpServerRequest request)
            throws InterruptedException {
        Optional<Chaos> chaos = Chaos.fromWireName(chaosName.orElse(name));
        if (chaosName.isPresent() && chaos.isEmpty()) {
            throw unknown().exception();
        }
        String organization = Triggered.organization(organizationId);
        Function<ScenarioPlayer, ScenarioPlayer.Played> scenario = scenario(name, organization);
        polar.useServicePort(portOf(request));
        return turns.of(organization, () -> {
            SandboxPolar.Triggered triggered = polar.play(scenario, chaos);
            return new Triggered(
                    name, organization, text(triggered.played().customer()), text(triggered.played().subscription()),
                    deliver.all(triggered.deliveries(), chaos));
        });
    }

    private static Function<ScenarioPlayer, ScenarioPlayer.Played> scenario(String name, String organization) {
        Optional<EventType> type = EventType.of(name);
        if (type.isPresent()) {
            return player -> player.play(type.get(), organization);
        }
        Optional<Scenario> ofChaos = Chaos.fromWireName(name).map(chaos -> Scenario.PURCHASE);
        Scenario scenario = Scenario.fromWireName(name).or(() -> ofChaos).orElseThrow(() -> unknown().exception());
        return player -> player.play(scenario, organization);
    }

    /// The port of this request's connection. The configured one is 0 in tests, and Quarkus' own answer
    /// (`HttpServer.getPort()`) is -1 after the first live reload of dev mode.
    private static int portOf(HttpServerRequest request) {
        return request.localAddress().port();
    }

    private static String text(UUID id) {
        return id == null ? null : id.toString();
    }

    private static Problem unknown() {
        return new Problem("unknown-scenario", 404, "No such scenario", "Scenarios: "
                + names(Scenario.values(), Scenario::wireName) + ". Types of events, each played by whatever emits it: "
                + names(EventType.values(), EventType::wireName) + ". Chaos, as a scenario of its own (a purchase) or"
                + " as the parameter chaos of another one: " + names(Chaos.values(), Chaos::wireName));
    }

    private static <T> String names(T[] all, Function<T, String> name) {
        return Arrays.stream(all).map(name).collect(Collectors.joining(", "));
    }
}
