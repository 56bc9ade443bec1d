package dev.plinto.polar.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A program on the path that tests files which are not Java.
record Tool(String name, String debianPackage) {

    static final Tool PROMTOOL = new Tool("promtool", "prometheus");
    static final Tool PROMETHEUS = new Tool("prometheus", "prometheus");
    static final Tool NODE = new Tool("node", "nodejs");

    private static final long PATIENCE_IN_SECONDS = 120;

    record Ended(int exitCode, String output) {}

    /// Skips the test with a message if the program is missing.
    void require(String whatIsNotTested) {
        try {
            new ProcessBuilder(name, "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().onExit().join();
        } catch (IOException missing) {
            String why = "SKIPPED: %s: %s is not on the path (Debian package %s)."
                    .formatted(whatIsNotTested, name, debianPackage);
            System.out.println(why);
            Assumptions.abort(why);
        }
    }

    Ended run(String... arguments) {
        try {
            Path output = Files.createTempFile(Files.createDirectories(Path.of("target")), name, ".log");
            Process process = new ProcessBuilder(command(arguments))
                    .redirectErrorStream(true).redirectOutput(output.toFile()).start();
            if (!process.waitFor(PATIENCE_IN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            String text = Files.readString(output);
            Files.delete(output);
            return new Ended(process.exitValue(), text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    List<String> command(String... arguments) {
        return Stream.concat(Stream.of(name), Stream.of(arguments))
                .toList();
    }
}
