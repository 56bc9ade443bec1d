package dev.plinto.polar.sandbox.polar.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.sandbox.polar.DueWork;
import dev.plinto.polar.sandbox.polar.Scenario;
import dev.plinto.polar.sandbox.polar.ScenarioPlayer;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.process.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxPolarTest {

    private static final String SECRET = "whsec_c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveDE=";

    @TempDir
    private Path directory;
    private volatile Duration passed = Duration.ZERO;

    @Test
    void state_survivesARestart() {
        ScenarioPlayer.Played bought = play(start(), Scenario.PURCHASE, "org-kept");

        ScenarioPlayer.Played renewed = play(start(), Scenario.RENEWAL, "org-kept");

        assertThat(renewed.customer()).isEqualTo(bought.customer());
        assertThat(renewed.subscription()).isEqualTo(bought.subscription());
        assertThat(renewed.events().getFirst().type()).isEqualTo("subscription.cycled");
        assertThat(renewed.events().getFirst().timestamp()).isAfter(bought.events().getLast().timestamp());
    }

    @Test
    void whatTheApiChanged_survivesAKill() {
        SandboxPolar killed = start();
        killed.useServicePort(FreePort.any());
        SimulatedPolar polar = killed.simulation();

        UUID customer = polar.exclusively(() -> polar.customers().create("org-bought"));
        polar.exclusively(() -> polar.webhooks().deleteEndpoint(polar.webhooks().endpoints().getFirst()));

        SimulatedPolar restarted = start().simulation();
        assertThat(restarted.customers().of("org-bought")).containsExactly(customer);
        assertThat(restarted.webhooks().endpoints()).isEmpty();
        assertThat(polar.takeEvents()).as("kept in memory").isEmpty();
        killed.stop();
    }

    @Test
    void polarsTime_staysCloseToTheClocks() {
        SimulatedPolar polar = start().simulation();

        for (int i = 0; i < 20; i++) {
            polar.exclusively(() -> polar.customers().create("org-fast"));
        }

        assertThat(polar.exclusively(polar::now)).isBefore(Instant.now().plusSeconds(2));
    }

    @Test
    void unreadableFile_startsAnew() throws IOException {
        play(start(), Scenario.PURCHASE, "org-lost");
        Files.writeString(directory.resolve("polar.json"), "{\"customers\": [");

        ScenarioPlayer.Played renewed = play(start(), Scenario.RENEWAL, "org-lost");
        assertThat(renewed.events().getFirst().type()).isEqualTo("checkout.created");
    }

    @Test
    void nothingButTheFile_isLeftInTheDirectory() throws IOException {
        play(start(), Scenario.PURCHASE, "org-tidy");

        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(directory.resolve("polar.json"));
        }
    }

    @Test
    void movedClock_survivesARestart() {
        SandboxPolar before = start();
        play(before, Scenario.PURCHASE, "org-moved");

        SandboxPolar.Moved moved = before.move(now -> now.plus(Duration.ofDays(40)));

        assertThat(moved.done()).extracting(DueWork::type).containsExactly(DueWork.Type.RENEWAL);
        SimulatedPolar after = start().simulation();
        assertThat(after.calendar().ahead()).isEqualTo(before.simulation().calendar().ahead());
        assertThat(after.now()).isAfter(Instant.now().plus(Duration.ofDays(39)));
        assertThat(after.calendar().next().orElseThrow().at()).isAfter(after.now());
    }

    @Test
    void whatWasDueMeanwhile_happensBeforeAnythingElse_andIsSaved() {
        SandboxPolar polar = start();
        play(polar, Scenario.PURCHASE, "org-later");
        polar.useServicePort(FreePort.any());

        passed = Duration.ofDays(40);
        play(polar, Scenario.CANCEL_AT_PERIOD_END, "org-later");

        DueWork next = start().simulation().calendar().next().orElseThrow();
        assertThat(next.type()).isEqualTo(DueWork.Type.CANCELLATION);
        assertThat(next.at()).as("of the second month").isAfter(Instant.now().plus(passed));
        polar.stop();
    }

    @Test
    void eventsOfALongTime_areAllKept_untilTheyWereDelivered() {
        SandboxPolar polar = start();
        polar.useServicePort(FreePort.any());
        for (int i = 0; i < 6; i++) {
            play(polar, Scenario.PURCHASE, "org-" + i);
        }

        SandboxPolar.Moved moved = polar.move(now -> now.plus(Duration.ofDays(366)));

        assertThat(moved.deliveries()).hasSizeGreaterThan(500)
                .allSatisfy(due -> assertThat(polar.simulation().eventLog().contains(due.event())).isTrue());
        polar.stop();
    }

    private static ScenarioPlayer.Played play(SandboxPolar polar, Scenario scenario, String organization) {
        return polar.play(player -> player.play(scenario, organization), Optional.empty()).played();
    }

    private SandboxPolar start() {
        InstantSource clock = () -> Instant.now().plus(passed);
        return new SandboxPolar(clock, directory, List.of(SECRET), 1);
    }
}
