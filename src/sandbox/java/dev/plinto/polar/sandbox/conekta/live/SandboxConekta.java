package dev.plinto.polar.sandbox.conekta.live;

import dev.plinto.polar.sandbox.conekta.ConektaScenario;
import dev.plinto.polar.sandbox.conekta.ConektaScenarios;
import dev.plinto.polar.sandbox.conekta.EventLog.Due;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import dev.plinto.polar.sandbox.conekta.delivery.ConektaDelivery;
import dev.plinto.polar.sandbox.conekta.delivery.RetryRules;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import dev.plinto.polar.sandbox.provider.Triggered.Delivery;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// The simulated Conekta of this sandbox, with this service as a webhook. It is empty after each start.
@ApplicationScoped
public class SandboxConekta {

    private static final Logger LOG = Logger.getLogger(SandboxConekta.class);

    /// Its pages are directly below, its API at `/api` below.
    public static final String ROOT = "/sandbox/conekta";

    private final SimulatedConekta conekta;
    private final ConektaDelivery delivery;
    private String webhook;
    private List<Due> captured;

    /// @param speed how many times faster than Conekta's its pauses before a retry are
    SandboxConekta(
            InstantSource clock,
            @ConfigProperty(name = "sandbox.directory", defaultValue = ".sandbox") Path directory,
            @ConfigProperty(name = "sandbox.conekta.speed", defaultValue = "1") double speed) {
        RandomGenerator random = RandomGenerator.of("SecureRandom");
        conekta = new SimulatedConekta(clock, random);
        conekta.webhooks().addKey(SandboxConektaKey.in(directory), true);
        delivery = ConektaDelivery.start(
                conekta, SimulatedClock.fast(clock, speed), RetryRules.ofConekta(), random.nextLong());
        conekta.exclusively(() -> conekta.eventLog().onDue(this::take));
    }

    public SimulatedConekta simulation() {
        return conekta;
    }

    /// Called with the port of this service by the first request: in tests it is not the configured one.
    public void useServicePort(int port) {
        conekta.exclusively(() -> {
            if (webhook == null) {
                String service = "http://127.0.0.1:" + port;
                conekta.servePagesAt(service + ROOT);
                conekta.serveApiAt(service + MountConektaApi.ROOT);
                webhook = conekta.webhooks().create(service + "/api/v1/conekta/webhooks", List.of());
            }
        });
    }

    /// The caller delivers the events to this service.
    Played play(ConektaScenario scenario, String organizationId) {
        return conekta.exclusively(() -> {
            conekta.takeEvents(); // those of pages and of the API are in the log
            captured = new ArrayList<>();
            try {
                ConektaScenarios.Played made = scenario.play(new ConektaScenarios(conekta), organizationId);
                return new Played(made, List.copyOf(captured));
            } finally {
                captured = null;
            }
        });
    }

    /// Returns when each event has been answered or has timed out. What was not accepted is retried later, as Conekta
    /// does.
    List<Delivery> deliver(List<Due> events) throws InterruptedException {
        List<Delivery> attempts = new ArrayList<>();
        for (Due event : events) {
            String type = conekta.exclusively(() -> conekta.eventLog().nextAttempt(event).type());
            Delivery attempt = new Delivery(event.eventId(), type, delivery.attemptNow(event).orElse(null));
            if (!attempt.isAccepted()) {
                LOG.warnf("The sandbox's Conekta will retry %s %s: %s", type, event.eventId(),
                        attempt.status() == null ? "no answer" : "status " + attempt.status());
                delivery.retry(event);
            }
            attempts.add(attempt);
        }
        return attempts;
    }

    /// While a scenario is played, its caller delivers the events for this service.
    private void take(Due due) {
        if (captured != null && due.webhookId().equals(webhook)) {
            captured.add(due);
        } else {
            delivery.take(due);
        }
    }

    /// What a scenario has made, and the events to deliver to this service.
    record Played(ConektaScenarios.Played made, List<Due> deliveries) {}

    @PreDestroy
    void stop() {
        delivery.close();
    }
}
