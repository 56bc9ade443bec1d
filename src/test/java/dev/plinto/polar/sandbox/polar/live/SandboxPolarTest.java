package dev.plinto.polar.sandbox.polar.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.sandbox.polar.Scenario;
import dev.plinto.polar.sandbox.polar.ScenarioPlayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxPolarTest {

    private static final String SECRET = "whsec_c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveDE=";

    @TempDir
    private Path directory;

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

    private static ScenarioPlayer.Played play(SandboxPolar polar, Scenario scenario, String organization) {
        return polar.play(player -> player.play(scenario, organization), Optional.empty()).played();
    }

    private SandboxPolar start() {
        return new SandboxPolar(InstantSource.system(), directory, List.of(SECRET), 1);
    }
}
