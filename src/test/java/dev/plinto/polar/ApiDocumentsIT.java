package dev.plinto.polar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.Npm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Validates the contract's documents with their own tools: `api/check.mjs`, on Node.
class ApiDocumentsIT {

    private static final Path DIRECTORY = Path.of("api");
    private static final String UNCHECKED = "api/*.yaml are not validated by their own tools";
    private static final long TIMEOUT_MINUTES = 5;

    private record Result(int exitCode, String output) {}

    @Test
    void contractDocuments_areValid() throws Exception {
        Npm.install(DIRECTORY, UNCHECKED);

        Result check = run("node", "check.mjs");

        assertThat(check.exitCode).as(check.output).isZero();
    }

    private static Result run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(Path.of("target"), "api-", ".log");
        Process process = new ProcessBuilder(command).directory(DIRECTORY.toFile())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        String text = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        return new Result(process.exitValue(), text);
    }
}
