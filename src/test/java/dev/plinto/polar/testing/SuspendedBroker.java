package dev.plinto.polar.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The broker of [SandboxStack] under SIGSTOP until this is closed: connections stay open and nothing answers.
public final class SuspendedBroker implements AutoCloseable {

    private final String pid;

    public SuspendedBroker() throws IOException {
        try (Stream<Path> files = Files.list(SandboxStack.DIRECTORY)) {
            Path pidFile = files.filter(file -> file.getFileName().toString().matches("kafka-.*\\.pid"))
                    .findFirst().orElseThrow();
            pid = Files.readString(pidFile).split("@")[0];
        }
        signal("STOP");
    }

    @Override
    public void close() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        int exitCode = new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().onExit().join().exitValue();
        if (exitCode != 0) {
            throw new IOException("kill -" + name + " " + pid + " answered " + exitCode);
        }
    }
}
