package dev.plinto.polar.bench;

import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.delivery.DeliveryEngine;
import dev.plinto.polar.sandbox.polar.delivery.DeliveryRules;
import dev.plinto.polar.sandbox.polar.rest.PolarServer;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;

/// The simulated Polar in a process of its own, so that its work is not measured as the benchmark's or a seller's. It
/// prints the address of its API, and ends with its input: no provider outlives the benchmark.
public final class SimulatedProvider {

    /// So that an event seldom waits for an older one that is under way: the real Polar's 300 ms for each are much of
    /// the time between a payment and its grants, and none of it is a seller's.
    private static final Duration GUARD_STEP = Duration.ofMillis(1);
    private static final Duration LEAD = Duration.ofMillis(900); // as in the sandbox

    public static void main(String... arguments) throws IOException {
        InstantSource machine = InstantSource.system();
        SimulatedClock clock = SimulatedClock.fast(machine, 1);
        SimulatedPolar polar = new SimulatedPolar(clock, new Random(1));
        polar.stayWithin(LEAD);
        try (PolarServer server = PolarServer.start(polar);
                DeliveryEngine engine = DeliveryEngine.start(polar, clock,
                        DeliveryRules.ofPolar().withGuardStep(GUARD_STEP), machine, 1)) {
            assert engine != null;
            System.out.println(server.apiUrl());
            System.in.transferTo(System.out);
        }
        System.exit(0);
    }

    private SimulatedProvider() {}
}
