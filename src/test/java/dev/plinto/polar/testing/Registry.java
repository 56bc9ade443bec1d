package dev.plinto.polar.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A program that installs what a test needs from a registry of packages.
final class Registry {

    private static final long PATIENCE_IN_MINUTES = 5;
    private static final int NOT_FOUND = 127; // as a shell answers for a program that does not exist

    record Ended(int exitCode, String output) {

        boolean found() {
            return exitCode != NOT_FOUND;
        }

        boolean saysOneOf(Collection<String> texts) {
            return exitCode != 0 && texts.stream().anyMatch(output::contains);
        }
    }

    static Ended run(Path directory, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(Files.createDirectories(Path.of("target")), "registry-", ".log");
        try {
            Process program = new ProcessBuilder(command).directory(directory.toFile())
                    .redirectErrorStream(true).redirectOutput(output.toFile()).start();
            if (!program.waitFor(PATIENCE_IN_MINUTES, TimeUnit.MINUTES)) {
                program.destroyForcibly().waitFor();
            }
            return new Ended(program.exitValue(), Files.readString(output));
        } catch (IOException missing) {
            return new Ended(NOT_FOUND, "");
        } finally {
            Files.delete(output);
        }
    }

    static void skip(String unchecked, String why) {
        String message = "SKIPPED: " + unchecked + ", since " + why + ".";
        System.out.println(message);
        Assumptions.abort(message);
    }

    private Registry() {}
}
