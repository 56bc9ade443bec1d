package dev.plinto.polar.sandbox.conekta.clients;

import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import dev.plinto.polar.sandbox.conekta.delivery.ConektaDelivery;
import dev.plinto.polar.sandbox.conekta.delivery.RetryRules;
import dev.plinto.polar.sandbox.conekta.rest.ConektaServer;
import dev.plinto.polar.sandbox.provider.OfficialClient;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import dev.plinto.polar.testing.Size;
import java.time.InstantSource;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Conekta's official client takes the simulation for Conekta, and Node's own cryptography verifies what it delivers.
/// Each file of steps has a simulation of its own.
class OfficialConektaClientTest {

    private static final double SPEED = 100;

    @BeforeAll
    static void onlyInFull() {
        Size.onlyFull("the simulated Conekta is not tried with Conekta's official client");
    }

    static Stream<String> steps() {
        return OfficialClient.CONEKTA_NODE.steps().stream();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void officialClient_takesTheSimulationForConekta(String steps) throws Exception {
        OfficialClient.CONEKTA_NODE.install();
        SimulatedClock clock = SimulatedClock.fast(InstantSource.system(), SPEED);
        SimulatedConekta conekta = new SimulatedConekta(clock, new Random(3));

        try (ConektaServer server = ConektaServer.start(conekta);
                ConektaDelivery delivery = ConektaDelivery.start(conekta, clock, RetryRules.ofConekta(), 1)) {
            OfficialClient.CONEKTA_NODE.run(steps, server.apiUrl().toString(), ConektaServer.PRIVATE_KEY);
            assert delivery != null;
        }
    }
}
