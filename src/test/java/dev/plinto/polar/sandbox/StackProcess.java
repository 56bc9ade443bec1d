package dev.plinto.polar.sandbox;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// A JVM of its own that starts the stack on a directory and then waits, so that a test can kill it.
record StackProcess(Process process, Path directory, Path output) {

    public static void main(String... arguments) throws IOException {
        System.out.println("up " + Sandbox.startOn(Path.of(arguments[0])));
        while (System.in.read() >= 0) {
            // until the test ends or kills this JVM
        }
    }

    static StackProcess launch(Path directory) throws IOException {
        Path output = Files.createTempFile("stack-", ".log");
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                StackProcess.class.getName(), directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new StackProcess(process, directory, output);
    }

    StackProcess awaitUp() {
        await().atMost(Duration.ofSeconds(60)).until(() -> text().contains("up {") || !process.isAlive());
        if (!process.isAlive()) {
            throw new IllegalStateException("The stack did not start:\n" + text());
        }
        return this;
    }

    /// All its child processes: the broker, the database, and their children.
    List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    String setting(String name) {
        return Stream.of(text().replaceAll("(?s).*up \\{|}.*", "").split(", "))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst().orElseThrow();
    }

    String text() {
        try {
            return Files.readString(output);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }
}
