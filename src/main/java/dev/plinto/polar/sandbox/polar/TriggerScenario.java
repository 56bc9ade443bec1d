package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
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
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/// Makes something happen at the simulated Polar, and lets Polar tell this service about it.
///
/// Triggers for one organization are played and delivered one after the other, those for several side by side.
@Singleton
@Path("/sandbox/polar/trigger/{scenario}")
class TriggerScenario {

    private final SandboxPolar polar;
    private final DeliverWebhooks webhooks;
    private final Map<String, ReentrantLock> turns = new ConcurrentHashMap<>();
    private final RandomGenerator names = RandomGenerator.getDefault();

    TriggerScenario(SandboxPolar polar, DeliverWebhooks webhooks) {
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
            @Context HttpServerRequest request)
            throws InterruptedException {
        Scenario scenario = Scenario.fromWireName(name).orElseThrow(() -> unknown().exception());
        String organization = organizationId.filter(id -> !id.isBlank()).orElseGet(this::newOrganization);
        ReentrantLock turn = turns.computeIfAbsent(organization, id -> new ReentrantLock(true));
        turn.lockInterruptibly();
        try {
            Storyteller.Story story = polar.play(scenario, organization);
            return new Triggered(
                    scenario.wireName(), organization, story.customer(), story.subscription(),
                    webhooks.deliver(story.events(), portOf(request)));
        } finally {
            turn.unlock();
        }
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
        String known = Arrays.stream(Scenario.values()).map(Scenario::wireName).collect(Collectors.joining(", "));
        return new Problem("unknown-scenario", 404, "No such scenario", "The sandbox plays these scenarios: " + known);
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Triggered(
            String scenario,
            String organizationId,
            UUID customerId,
            UUID subscriptionId,
            List<DeliverWebhooks.Delivery> deliveries) {}
}
