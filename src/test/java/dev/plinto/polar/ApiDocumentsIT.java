package dev.plinto.polar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// The documents of the contract are valid by their own tools: `api/check.mjs`, on Node.
class ApiDocumentsIT {

    private static final Path DIRECTORY = Path.of("api");
    private static final Path LOCK = DIRECTORY.resolve("package-lock.json");
    /// A copy of the lock file that npm leaves where it has installed it.
    private static final Path INSTALLED = DIRECTORY.resolve("node_modules/.installed-lock.json");
    private static final long PATIENCE_IN_MINUTES = 5;

    private record Ended(int exitCode, String output) {}

    @Test
    void theDocuments_areValidByTheirOwnTools() throws Exception {
        requireNode();
        if (!Files.exists(INSTALLED) || Files.mismatch(LOCK, INSTALLED) >= 0) {
            Ended install = run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
            assertThat(install.exitCode).as("npm ci in api/ failed:%n%s", install.output).isZero();
            Files.copy(LOCK, INSTALLED);
        }

        Ended check = run("node", "check.mjs");

        assertThat(check.exitCode).as(check.output).isZero();
    }

    private static void requireNode() throws InterruptedException {
        for (String tool : List.of("node", "npm")) {
            try {
                assertThat(run(tool, "--version").exitCode).as(tool + " --version").isZero();
            } catch (IOException missing) {
                String why = "SKIPPED: api/asyncapi.yaml and api/openapi.yaml are not validated by their own tools, "
                        + "since " + tool + " is not on this machine's path. Install Node 20.19 or newer.";
                System.out.println(why);
                Assumptions.abort(why);
            }
        }
    }

    private static Ended run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(Path.of("target"), "api-", ".log");
        Process process = new ProcessBuilder(command).directory(DIRECTORY.toFile())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        if (!process.waitFor(PATIENCE_IN_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        String text = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        return new Ended(process.exitValue(), text);
    }
}
