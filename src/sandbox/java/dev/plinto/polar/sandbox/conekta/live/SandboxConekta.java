package dev.plinto.polar.sandbox.conekta.live;

import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import dev.plinto.polar.sandbox.conekta.delivery.ConektaDelivery;
import dev.plinto.polar.sandbox.conekta.delivery.RetryRules;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The simulated Conekta of this sandbox. It is empty after each start.
@ApplicationScoped
public class SandboxConekta {

    /// Its pages are directly below, its API at `/api` below.
    public static final String ROOT = "/sandbox/conekta";

    private final SimulatedConekta conekta;
    private final ConektaDelivery delivery;
    private boolean known;

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
    }

    public SimulatedConekta simulation() {
        return conekta;
    }

    /// Called with the port of this service by the first request: in tests it is not the configured one.
    public void useServicePort(int port) {
        conekta.exclusively(() -> {
            if (!known) {
                String service = "http://127.0.0.1:" + port;
                conekta.servePagesAt(service + ROOT);
                conekta.serveApiAt(service + MountConektaApi.ROOT);
                known = true;
            }
        });
    }

    @PreDestroy
    void stop() {
        delivery.close();
    }
}
