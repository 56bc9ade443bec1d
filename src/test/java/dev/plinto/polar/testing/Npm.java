package dev.plinto.polar.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// What a test needs of npm's registry: installed once, and again when the lock file has changed.
public final class Npm {

    private static final long PATIENCE_IN_MINUTES = 5;

    /// Skips the test, and says so, if there is no npm on this machine.
    ///
    /// @param directory with a `package-lock.json`
    /// @param unchecked what is not checked without it, for the message: "the console is not checked with axe"
    public static void install(Path directory, String unchecked) throws IOException, InterruptedException {
        OneProcess.at("npm", () -> {
            Path lock = directory.resolve("package-lock.json");
            Path installed = directory.resolve("node_modules/.installed-lock.json"); // a copy of the lock file
            if (!Files.exists(installed) || Files.mismatch(lock, installed) >= 0) {
                install(directory, unchecked, lock, installed);
            }
            return null;
        });
    }

    private static void install(Path directory, String unchecked, Path lock, Path installed)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(Path.of("target"), "npm-", ".log");
        try {
            Process npm = new ProcessBuilder(List.of("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"))
                    .directory(directory.toFile()).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            if (!npm.waitFor(PATIENCE_IN_MINUTES, TimeUnit.MINUTES)) {
                npm.destroyForcibly().waitFor();
            }
            assertThat(npm.exitValue()).as("npm ci in %s: %s", directory,
                    Files.readString(output, StandardCharsets.UTF_8)).isZero();
        } catch (IOException missing) {
            String why = "SKIPPED: " + unchecked + ", since npm is not on this machine's path. "
                    + "Install Node 20.19 or newer.";
            System.out.println(why);
            Assumptions.abort(why);
        }
        Files.copy(lock, installed);
    }

    private Npm() {}
}
