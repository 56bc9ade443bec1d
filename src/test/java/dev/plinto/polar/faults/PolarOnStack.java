package dev.plinto.polar.faults;

import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.sandbox.polar.rest.PolarServer;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.TokenIssuer;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// A broker and a database with a simulated Polar, and somebody who issues tokens: all that replicas of the service
/// need.
final class PolarOnStack implements AutoCloseable {

    /// Which may call for any organization.
    static final String CLIENT = "the-application";

    private final SimulatedPolar polar;
    private final PolarServer server;
    private final TokenIssuer issuer = new TokenIssuer();
    private final OwnStack stack = OwnStack.start();
    private final Queue<WebhookEvent> emitted = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService deliveries = Executors.newSingleThreadScheduledExecutor();

    /// @param seed of the ids that Polar makes
    PolarOnStack(int seed) {
        polar = new SimulatedPolar(InstantSource.system(), new Random(seed));
        server = PolarServer.start(polar);
        stack.createRawTopic(6);
    }

    SimulatedPolar polar() {
        return polar;
    }

    PolarServer server() {
        return server;
    }

    TokenIssuer issuer() {
        return issuer;
    }

    OwnStack stack() {
        return stack;
    }

    /// Of replicas.
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(stack.environment());
        environment.putAll(issuer.environment());
        environment.put("PLINTO_SERVICE_CLIENTS", CLIENT);
        environment.put("POLAR_ACCESS_TOKEN", PolarServer.ACCESS_TOKEN);
        environment.put("POLAR_SANDBOX", "true");
        environment.put("POLAR_API_REQUESTS_PER_MINUTE", "100000");
        environment.put("POLAR_API_URL", server.apiUrl().toString());
        return environment;
    }

    /// From now on Polar's events come to the raw topic by themselves.
    void deliver() {
        RawTopicWriter writer = stack.writer();
        deliveries.scheduleWithFixedDelay(() -> writer.writeEvents(takeEvents()), 0, 100, TimeUnit.MILLISECONDS);
    }

    /// What Polar has emitted since the call before.
    List<WebhookEvent> takeEvents() {
        List<WebhookEvent> events = polar.exclusively(polar::takeEvents);
        emitted.addAll(events);
        return events;
    }

    /// All that were taken.
    List<WebhookEvent> emitted() {
        return List.copyOf(emitted);
    }

    @Override
    public void close() {
        deliveries.shutdownNow();
        stack.close();
        issuer.close();
        server.close();
    }
}
