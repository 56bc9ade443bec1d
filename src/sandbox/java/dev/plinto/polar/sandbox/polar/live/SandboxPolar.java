package dev.plinto.polar.sandbox.polar.live;

import dev.plinto.polar.sandbox.polar.Chaos;
import dev.plinto.polar.sandbox.polar.DueWork;
import dev.plinto.polar.sandbox.polar.EventLog.Due;
import dev.plinto.polar.sandbox.polar.ScenarioPlayer;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.SoldProducts;
import dev.plinto.polar.sandbox.polar.delivery.DeliveryEngine;
import dev.plinto.polar.sandbox.polar.delivery.DeliveryRules;
import dev.plinto.polar.sandbox.process.KeptFile;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// The simulated Polar of this sandbox, with this service as an endpoint. It survives restarts and live reloads in
/// `polar.json`, so that yesterday's customer can cancel today.
@ApplicationScoped
public class SandboxPolar {

    private static final Logger LOG = Logger.getLogger(SandboxPolar.class);
    private static final String SANDBOX_SECRET = "whsec_c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveDE=";
    private static final String ENDPOINT = "This service, in its sandbox";
    /// Events of the log that are saved: the file is rewritten each time, and each event is some kilobytes.
    private static final int KEPT_EVENTS = 500;
    /// No effect may be shown before its cause by more than a second.
    private static final Duration LEAD = Duration.ofMillis(900);

    private final KeptFile file;
    private final String secret;
    private final SimulatedPolar polar;
    private final DeliveryEngine engine;
    private UUID endpoint;
    private List<Due> captured;
    private Runnable nextListener = () -> {};
    private Optional<DueWork> next = Optional.empty();
    private Instant newestSaved = Instant.EPOCH;

    /// @param speed how many times faster than Polar's its pauses are: before a retry, and while events are reordered
    SandboxPolar(
            InstantSource clock,
            @ConfigProperty(name = "sandbox.directory", defaultValue = ".sandbox") Path directory,
            @ConfigProperty(name = "polar.webhook.secret", defaultValue = SANDBOX_SECRET) List<String> secrets,
            @ConfigProperty(name = "sandbox.polar.speed", defaultValue = "1") double speed) {
        file = new KeptFile(directory.resolve("polar.json"));
        secret = secrets.getFirst().strip();
        RandomGenerator random = RandomGenerator.of("SecureRandom");
        polar = saved(clock, random).orElseGet(() -> SimulatedPolar.withProducts(SoldProducts.BY_PLAN, clock, random));
        polar.stayWithin(LEAD);
        engine = DeliveryEngine.start(
                polar, SimulatedClock.fast(clock, speed), DeliveryRules.ofPolar(), clock, random.nextLong());
        polar.exclusively(() -> polar.eventLog().onDue(this::take));
    }

    public SimulatedPolar simulation() {
        return polar;
    }

    DeliveryEngine engine() {
        return engine;
    }

    /// Called with the port of this service by the first request: in tests it is not the configured one (0), and not
    /// the one of the last run if that was taken.
    public void useServicePort(int port) {
        polar.exclusively(() -> {
            if (endpoint == null) {
                polar.servePagesAt("http://127.0.0.1:" + port + MountPolarApi.ROOT);
                String url = "http://127.0.0.1:" + port + "/api/v1/polar/webhooks";
                endpoint = polar.webhooks().named(ENDPOINT).orElseGet(() -> newEndpoint(url));
                polar.webhooks().setUrl(endpoint, url);
                polar.webhooks().setSecret(endpoint, secret, true);
                polar.surround(this::catchUp, this::keepChanges);
            }
        });
    }

    /// How long nothing is due; empty if nothing will be, or this service is no endpoint yet.
    Optional<Duration> untilNextDue() {
        return polar.exclusively(() -> Optional.ofNullable(endpoint)
                .flatMap(registered -> polar.calendar().next())
                .map(next -> Duration.between(polar.now(), next.at())));
    }

    /// Sets the listener that is called when something else is due next, or it is due sooner, while the simulation is
    /// locked.
    void onNext(Runnable newListener) {
        polar.exclusively(() -> nextListener = newListener);
    }

    /// As [#play]: the caller delivers the events to this service.
    Moved move(UnaryOperator<Instant> later) {
        return polar.exclusively(() -> {
            captured = new ArrayList<>();
            try {
                Duration before = polar.calendar().ahead();
                List<DueWork> done = polar.calendar().move(later);
                next = Optional.empty(); // told again, as it comes sooner
                save();
                return new Moved(polar.calendar().ahead().minus(before), done, List.copyOf(captured));
            } finally {
                captured = null;
                polar.takeEvents();
            }
        });
    }

    /// Saves the state before it is delivered: a delivered event is never lost here.
    Triggered play(Function<ScenarioPlayer, ScenarioPlayer.Played> scenario, Optional<Chaos> chaos) {
        return polar.exclusively(() -> {
            // Left by an aborted scenario: never delivered, least of all as part of another organization's.
            polar.takeEvents();
            captured = new ArrayList<>();
            try {
                ScenarioPlayer.Played played = play(new ScenarioPlayer(polar), scenario, chaos);
                save();
                return new Triggered(played, List.copyOf(captured));
            } finally {
                captured = null;
            }
        });
    }

    void save() {
        polar.exclusively(() -> {
            polar.eventLog().keepNewest(KEPT_EVENTS);
            try {
                file.write(polar.saved());
                newestSaved = polar.newestChange();
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

    private ScenarioPlayer.Played play(
            ScenarioPlayer player, Function<ScenarioPlayer, ScenarioPlayer.Played> scenario, Optional<Chaos> chaos) {
        List<ScenarioPlayer.Played> played = new ArrayList<>(1);
        Runnable action = () -> played.add(scenario.apply(player));
        switch (chaos.orElse(Chaos.DUPLICATE)) { // stands for those without effect here
            case TIE -> polar.simultaneously(action);
            case FUTURE_FIELD -> polar.withFutureFields(action);
            case ENDPOINT_OFF -> whileOff(action);
            case UNKNOWN_TYPE -> {
                action.run();
                if (played.getFirst().customer() != null) {
                    polar.emitUnknownType(played.getFirst().customer());
                }
            }
            case DUPLICATE, REORDER, DROP, STALE_RETRY, LOST_ACKNOWLEDGEMENT, WRONG_KEY -> action.run();
        }
        return played.getFirst();
    }

    private void whileOff(Runnable action) {
        if (endpoint == null || !polar.webhooks().endpoints().contains(endpoint)) {
            action.run();
            return;
        }
        polar.webhooks().setEnabled(endpoint, false);
        try {
            action.run();
        } finally {
            polar.webhooks().setEnabled(endpoint, true);
        }
    }

    /// While a scenario is played, its caller delivers the events for this service; all other events are delivered by
    /// the engine.
    private void take(Due due) {
        if (captured != null && due.endpoint().equals(endpoint)) {
            captured.add(due);
        } else {
            engine.take(due);
        }
    }

    /// Does what has fallen due since anybody asked; the engine delivers the events.
    private void catchUp() {
        if (!polar.calendar().catchUp().isEmpty()) {
            polar.takeEvents();
            save();
        }
    }

    /// What the API or a page has changed is saved before it is delivered, as [#play] does.
    private void keepChanges() {
        tellWhatIsDueNext();
        if (!polar.newestChange().equals(newestSaved)) {
            polar.takeEvents(); // the log has them
            save();
        }
    }

    private void tellWhatIsDueNext() {
        Optional<DueWork> now = polar.calendar().next();
        if (!now.equals(next)) {
            next = now;
            nextListener.run();
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
            LOG.warnf("The sandbox's Polar starts with an empty state: %s cannot be read: %s", file.path(),
                    e.getMessage());
            return Optional.empty();
        }
    }

    /// The result of a scenario, and the events to deliver to this service.
    record Triggered(ScenarioPlayer.Played played, List<Due> deliveries) {}

    /// What happened while the clock was moved, and the events to deliver to this service.
    record Moved(Duration by, List<DueWork> done, List<Due> deliveries) {}
}
