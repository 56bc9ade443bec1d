package dev.plinto.polar.sandbox.polar;

import dev.plinto.polar.sandbox.KeptFile;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// The simulated Polar of this sandbox. It outlives restarts and live reloads in `polar.json`, so that who bought
/// something yesterday can cancel it today.
@ApplicationScoped
class SandboxPolar {

    private static final Logger LOG = Logger.getLogger(SandboxPolar.class);

    private final KeptFile file;
    private final SimulatedPolar polar;

    SandboxPolar(
            InstantSource clock,
            @ConfigProperty(name = "sandbox.directory", defaultValue = ".sandbox") Path directory) {
        file = new KeptFile(directory.resolve("polar.json"));
        polar = new SimulatedPolar(savedWorld().orElseGet(World::new), clock, RandomGenerator.of("SecureRandom"));
    }

    /// What happens is saved before it is told: an event that was delivered is never forgotten here.
    synchronized Storyteller.Story play(Scenario scenario, String organizationId) {
        // Left by a story that broke off: never told, least of all as part of another organization's.
        polar.takeEvents();
        Storyteller.Story story = new Storyteller(polar).play(scenario, organizationId);
        try {
            file.write(PolarJson.MAPPER.writeValueAsBytes(polar.world()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return story;
    }

    private Optional<World> savedWorld() {
        try {
            Optional<byte[]> saved = file.read();
            if (saved.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(PolarJson.MAPPER.readValue(saved.get(), World.class));
        } catch (IOException e) {
            LOG.warnf("The sandbox's Polar starts anew, since %s cannot be read: %s", file.path(), e.getMessage());
            return Optional.empty();
        }
    }
}
