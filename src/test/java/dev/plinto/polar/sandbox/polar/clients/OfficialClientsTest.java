package dev.plinto.polar.sandbox.polar.clients;

import dev.plinto.polar.sandbox.polar.EveryEventType;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.delivery.DeliveryEngine;
import dev.plinto.polar.sandbox.polar.delivery.DeliveryRules;
import dev.plinto.polar.sandbox.polar.rest.PolarServer;
import dev.plinto.polar.sandbox.provider.OfficialClient;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import dev.plinto.polar.testing.Size;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Polar's official clients take the simulation for Polar: they parse its answers, errors and webhooks, and what they
/// do has Polar's effects. Each file of steps has a simulation of its own, with two customers, one of whom has bought
/// Pro.
class OfficialClientsTest {

    private static final InstantSource MACHINE = InstantSource.system();
    private static final double SPEED = 100;

    @BeforeAll
    static void onlyInFull() {
        Size.onlyFull("the simulated Polar is not tried with Polar's official clients");
    }

    static Stream<Arguments> steps() {
        return Stream.of(OfficialClient.POLAR_NODE, OfficialClient.POLAR_PYTHON)
                .flatMap(client -> client.steps().stream().map(steps -> Arguments.of(client, steps)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("steps")
    void officialClient_takesTheSimulationForPolar(OfficialClient client, String steps) throws Exception {
        client.install();
        SimulatedClock clock = SimulatedClock.fast(MACHINE, SPEED);
        SimulatedPolar polar = new SimulatedPolar(clock, new Random(3));
        UUID buyer = polar.customers().create("org-1");
        polar.customers().create("org/2 ä");
        polar.checkouts().purchase(buyer, polar.catalogue().pro(), Map.of("organization_id", "org-1"));

        try (PolarServer server = PolarServer.start(polar);
                DeliveryEngine engine = DeliveryEngine.start(polar, clock, DeliveryRules.ofPolar(), MACHINE, 1)) {
            String beforeVersion = server.apiUrl().resolve("/").toString().replaceFirst("/$", "");
            client.run(steps, beforeVersion, PolarServer.ACCESS_TOKEN);
            assert engine != null;
        }
    }

    /// The client for Node reads any JSON; the one for Python knows each field and its type.
    @Test
    void webhooksOfAllTypes_areReadByTheClientForPython() throws Exception {
        OfficialClient.POLAR_PYTHON.install();
        Path file = Files.createTempFile(Path.of("target"), "webhooks-", ".jsonl").toAbsolutePath();
        Files.write(file, EveryEventType.events(5).stream()
                .map(event -> new String(event.body(), StandardCharsets.UTF_8)).toList());

        OfficialClient.POLAR_PYTHON.runProgram("payloads.py", file.toString());
        Files.delete(file);
    }
}
