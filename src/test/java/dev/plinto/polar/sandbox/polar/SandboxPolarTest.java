package dev.plinto.polar.sandbox.polar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxPolarTest {

    @TempDir
    private Path directory;

    @Test
    void world_survivesARestart() {
        Storyteller.Story bought = start().play(Scenario.PURCHASE, "org-kept");

        Storyteller.Story renewed = start().play(Scenario.RENEWAL, "org-kept");

        assertThat(renewed.customer()).isEqualTo(bought.customer());
        assertThat(renewed.subscription()).isEqualTo(bought.subscription());
        assertThat(renewed.events().getFirst().type()).isEqualTo("subscription.cycled");
        assertThat(renewed.events().getFirst().timestamp()).isAfter(bought.events().getLast().timestamp());
    }

    @Test
    void unreadableFile_isAFreshStart() throws IOException {
        start().play(Scenario.PURCHASE, "org-lost");
        Files.writeString(directory.resolve("polar.json"), "{\"customers\": [");

        assertThat(start().play(Scenario.RENEWAL, "org-lost").events().getFirst().type()).isEqualTo("checkout.created");
    }

    @Test
    void nothingButTheFile_isLeftInTheDirectory() throws IOException {
        start().play(Scenario.PURCHASE, "org-tidy");

        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(directory.resolve("polar.json"));
        }
    }

    private SandboxPolar start() {
        return new SandboxPolar(InstantSource.system(), directory);
    }
}
