package dev.plinto.polar.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a test needs of npm's registry: installed once, and again when the lock file has changed.
public final class Npm {

    /// Skips the test, and says so, if there is no npm on this machine, or if it is not connected.
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
        Registry.Ended npm = Registry.run(directory, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
        if (!npm.found()) {
            Registry.skip(unchecked, "npm is not on this machine's path. Install Node 20.19 or newer");
        }
        if (npm.saysOneOf(List.of("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH"))) {
            Registry.skip(unchecked, "npm cannot reach its registry");
        }
        assertThat(npm.exitCode()).as("npm ci in %s: %s", directory, npm.output()).isZero();
        Files.copy(lock, installed);
    }

    private Npm() {}
}
