package dev.plinto.polar.sandbox.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.Npm;
import dev.plinto.polar.testing.Pip;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A provider's official client, and the steps that are run with it (`src/test/clients`). It is installed, and run, in
/// a copy below `target`.
public enum OfficialClient {

    POLAR_NODE("polar-sdk", ".mjs", "node", "run.mjs"),
    POLAR_PYTHON("polar-sdk-python", ".py", "python3", "run.py"),
    CONEKTA_NODE("conekta", ".mjs", "node", "run.mjs");

    private static final long PATIENCE_IN_MINUTES = 3;

    private final Path source;
    private final Path copy;
    private final String ending;
    private final String interpreter;
    private final String program;

    OfficialClient(String directory, String ending, String interpreter, String program) {
        source = Path.of("src/test/clients", directory);
        copy = Path.of("target/clients", directory);
        this.ending = ending;
        this.interpreter = interpreter;
        this.program = program;
    }

    /// The files of steps, as their program takes them.
    public List<String> steps() {
        try (Stream<Path> files = Files.list(source.resolve("steps"))) {
            return files.map(file -> "steps/" + file.getFileName())
                    .filter(file -> file.endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Skips the test, and says so, if this machine lacks the tools, or cannot reach the client's registry.
    public void install() throws IOException, InterruptedException {
        copy();
        String unchecked = "no simulated provider is tried with the official client " + this;
        switch (this) {
            case POLAR_NODE, CONEKTA_NODE -> Npm.install(copy, unchecked);
            case POLAR_PYTHON -> Pip.install(copy, unchecked);
        }
    }

    /// Runs one file of steps, all of which must succeed.
    public void run(String steps, String baseUrl, String token) throws IOException, InterruptedException {
        runProgram(program, steps, baseUrl, token);
    }

    /// Runs a program of this client's, which must succeed.
    public void runProgram(String file, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(Path.of("target"), "client-", ".log");
        ProcessBuilder command = new ProcessBuilder(
                Stream.concat(Stream.of(interpreter, file), Stream.of(arguments)).toList());
        command.environment().putAll(Map.of("PYTHONPATH", Pip.PACKAGES, "PYTHONDONTWRITEBYTECODE", "1"));
        Process process = command.directory(copy.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        if (!process.waitFor(PATIENCE_IN_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        String text = Files.readString(output);
        Files.delete(output);
        assertThat(process.exitValue()).as("%s %s %s:%n%s", this, file, List.of(arguments), text).isZero();
        assertThat(text).as("each step is a line").contains("ok ");
    }

    private void copy() throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = copy.resolve(source.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
