package dev.plinto.polar.sandbox.polar.live;

import dev.plinto.polar.sandbox.polar.Chaos;
import dev.plinto.polar.sandbox.polar.EventLog.Due;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.Storyteller;
import dev.plinto.polar.sandbox.polar.delivery.DeliveryEngine;
import dev.plinto.polar.sandbox.polar.delivery.DeliveryRules;
import dev.plinto.polar.sandbox.polar.delivery.PolarClock;
import dev.plinto.polar.sandbox.process.KeptFile;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// The simulated Polar of this sandbox, with an endpoint that is this service. It outlives restarts and live reloads in
/// `polar.json`, so that who bought something yesterday can cancel it today.
@ApplicationScoped
class SandboxPolar {

    private static final Logger LOG = Logger.getLogger(SandboxPolar.class);
    private static final String SANDBOX_SECRET = "whsec_c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveDE=";
    private static final String ENDPOINT = "This service, in its sandbox";
    /// Of the log, in the file: it is written anew each time, and each event is some kilobytes.
    private static final int KEPT_EVENTS = 500;

    private final KeptFile file;
    private final String secret;
    private final SimulatedPolar polar;
    private final DeliveryEngine engine;
    private UUID endpoint;
    private List<Due> told;

    SandboxPolar(
            InstantSource clock,
            @ConfigProperty(name = "sandbox.directory", defaultValue = ".sandbox") Path directory,
            @ConfigProperty(name = "polar.webhook.secret", defaultValue = SANDBOX_SECRET) List<String> secrets) {
        file = new KeptFile(directory.resolve("polar.json"));
        secret = secrets.getFirst().strip();
        RandomGenerator random = RandomGenerator.of("SecureRandom");
        polar = saved(clock, random).orElseGet(() -> new SimulatedPolar(clock, random));
        engine = DeliveryEngine.start(
                polar, PolarClock.real(clock), DeliveryRules.polars(), clock, random.nextLong());
        polar.exclusively(() -> polar.eventLog().handTo(this::take));
    }

    SimulatedPolar simulation() {
        return polar;
    }

    DeliveryEngine engine() {
        return engine;
    }

    /// The first to know the port of this service tells it: in tests it is not the configured one (0), and where that
    /// one is taken, not the one of the last run.
    void isServedAt(int port) {
        polar.exclusively(() -> {
            if (endpoint == null) {
                String url = "http://127.0.0.1:" + port + "/api/v1/polar/webhooks";
                endpoint = polar.webhooks().named(ENDPOINT).orElseGet(() -> newEndpoint(url));
                polar.webhooks().setUrl(endpoint, url);
                polar.webhooks().setSecret(endpoint, secret, true);
            }
        });
    }

    /// What happens is saved before it is told: an event that was delivered is never forgotten here.
    Told play(Function<Storyteller, Storyteller.Story> story, Optional<Chaos> chaos) {
        return polar.exclusively(() -> {
            // Left by a story that broke off: never told, least of all as part of another organization's.
            polar.takeEvents();
            told = new ArrayList<>();
            try {
                Storyteller.Story played = play(new Storyteller(polar), story, chaos);
                save();
                return new Told(played, List.copyOf(told));
            } finally {
                told = null;
            }
        });
    }

    void save() {
        polar.exclusively(() -> {
            polar.eventLog().keepNewest(KEPT_EVENTS);
            try {
                file.write(polar.saved());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @PreDestroy
    void stop() {
        engine.close();
        save();
    }

    private Storyteller.Story play(
            Storyteller teller, Function<Storyteller, Storyteller.Story> story, Optional<Chaos> chaos) {
        List<Storyteller.Story> played = new ArrayList<>(1);
        Runnable telling = () -> played.add(story.apply(teller));
        switch (chaos.orElse(Chaos.DUPLICATE)) { // one of those that change nothing here
            case TIE -> polar.simultaneously(telling);
            case FUTURE_FIELD -> polar.withFutureFields(telling);
            case ENDPOINT_OFF -> whileOff(telling);
            case UNKNOWN_TYPE -> {
                telling.run();
                if (played.getFirst().customer() != null) {
                    polar.tellUnknownType(played.getFirst().customer());
                }
            }
            case DUPLICATE, REORDER, DROP, STALE_RETRY, LOST_ACKNOWLEDGEMENT, WRONG_KEY -> telling.run();
        }
        return played.getFirst();
    }

    private void whileOff(Runnable telling) {
        if (endpoint == null || !polar.webhooks().endpoints().contains(endpoint)) {
            telling.run();
            return;
        }
        polar.webhooks().setEnabled(endpoint, false);
        try {
            telling.run();
        } finally {
            polar.webhooks().setEnabled(endpoint, true);
        }
    }

    /// Whoever lets a story happen delivers to this service what it tells; everything else goes its usual way.
    private void take(Due due) {
        if (told != null && due.endpoint().equals(endpoint)) {
            told.add(due);
        } else {
            engine.take(due);
        }
    }

    private UUID newEndpoint(String url) {
        UUID created = polar.webhooks().createEndpoint(url, secret);
        polar.webhooks().setName(created, ENDPOINT);
        return created;
    }

    private Optional<SimulatedPolar> saved(InstantSource clock, RandomGenerator random) {
        try {
            Optional<byte[]> saved = file.read();
            if (saved.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(SimulatedPolar.restored(saved.get(), clock, random));
        } catch (IOException e) {
            LOG.warnf("The sandbox's Polar starts anew, since %s cannot be read: %s", file.path(), e.getMessage());
            return Optional.empty();
        }
    }

    /// What happened, and what is to be delivered to this service because of it.
    record Told(Storyteller.Story story, List<Due> deliveries) {}
}
