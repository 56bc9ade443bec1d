package dev.plinto.polar.sandbox.polar.live;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.polar.EventType;
import dev.plinto.polar.sandbox.polar.Chaos;
import dev.plinto.polar.sandbox.polar.Scenario;
import dev.plinto.polar.sandbox.polar.Storyteller;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/// Makes something happen at the simulated Polar, and lets Polar tell this service about it: a [Scenario], whatever
/// makes Polar emit an event of a given [type][EventType], or a purchase that is told with [Chaos].
///
/// Triggers for one organization are played and delivered one after the other, those for several side by side.
@Singleton
@Path("/sandbox/polar/trigger/{scenario}")
class TriggerScenario {

    private final SandboxPolar polar;
    private final DeliverStory webhooks;
    private final Map<String, ReentrantLock> turns = new ConcurrentHashMap<>();
    private final RandomGenerator names = RandomGenerator.getDefault();

    TriggerScenario(SandboxPolar polar, DeliverStory webhooks) {
        this.polar = polar;
        this.webhooks = webhooks;
    }

    /// Answers once each event has been answered. Without an organization it is a new one, named in the answer.
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
        String organization = organizationId.filter(id -> !id.isBlank()).orElseGet(this::newOrganization);
        Function<Storyteller, Storyteller.Story> plot = plot(name, organization);
        polar.isServedAt(portOf(request));
        ReentrantLock turn = turns.computeIfAbsent(organization, id -> new ReentrantLock(true));
        turn.lockInterruptibly();
        try {
            SandboxPolar.Told told = polar.play(plot, chaos);
            return new Triggered(
                    name, organization, told.story().customer(), told.story().subscription(),
                    webhooks.deliver(told.deliveries(), chaos));
        } finally {
            turn.unlock();
        }
    }

    private static Function<Storyteller, Storyteller.Story> plot(String name, String organization) {
        Optional<EventType> type = EventType.of(name);
        if (type.isPresent()) {
            return storyteller -> storyteller.play(type.get(), organization);
        }
        Optional<Scenario> told = Chaos.fromWireName(name).map(chaos -> Scenario.PURCHASE);
        Scenario scenario = Scenario.fromWireName(name).or(() -> told).orElseThrow(() -> unknown().exception());
        return storyteller -> storyteller.play(scenario, organization);
    }

    /// The port that this very request came in by. The configured one says nothing in tests (0), and Quarkus' own
    /// answer (`HttpServer.getPort()`) is -1 after the first live reload of dev mode.
    private static int portOf(HttpServerRequest request) {
        return request.localAddress().port();
    }

    private String newOrganization() {
        return names.ints(6, 'a', 'z' + 1).mapToObj(Character::toString).collect(Collectors.joining("", "org-", ""));
    }

    private static Problem unknown() {
        return new Problem("unknown-scenario", 404, "No such scenario", "The sandbox plays these scenarios: "
                + names(Scenario.values(), Scenario::wireName) + "; whatever makes Polar emit an event of one of these "
                + "types: " + names(EventType.values(), EventType::wireName) + "; a purchase that goes wrong in one of "
                + "these ways, or any of the others with it as the parameter chaos: "
                + names(Chaos.values(), Chaos::wireName));
    }

    private static <T> String names(T[] all, Function<T, String> name) {
        return Arrays.stream(all).map(name).collect(Collectors.joining(", "));
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Triggered(
            String scenario,
            String organizationId,
            UUID customerId,
            UUID subscriptionId,
            List<DeliverStory.Delivery> deliveries) {}
}
