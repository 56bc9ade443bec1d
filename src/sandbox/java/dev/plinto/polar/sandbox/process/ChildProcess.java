package dev.plinto.polar.sandbox.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// A server that runs beside this JVM and ends with it. The child holds the reading end of a pipe as its standard input
/// and stops cleanly at end-of-file, which the operating system delivers however this JVM ends, SIGKILL included. A
/// shutdown hook would not run on SIGKILL, and would race the shutdown of the application.
///
/// Its output goes to `logs/<name>.log` beside its directory; `<name>.pid` beside it names the process that the next
/// start waits for.
public final class ChildProcess {

    private static final Duration CLEAN_STOP = Duration.ofSeconds(20);
    private static final Duration REAPING = Duration.ofSeconds(2);
    private static final long POLL_MILLIS = 25;
    private static final int LOG_LINES = 15;

    private final String name;
    private final Path log;
    private final Process process;

    private ChildProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /// `name` is used in error messages, e.g. `The Kafka broker`.
    public static ChildProcess start(String name, Path directory, List<String> command) {
        try {
            Files.createDirectories(directory.toAbsolutePath().getParent());
            awaitPredecessor(name, directory);
            Path log = log(directory);
            Files.createDirectories(log.getParent());
            if (Files.exists(log)) {
                Path previous = log.resolveSibling(log.getFileName() + ".previous");
                Files.move(log, previous, StandardCopyOption.REPLACE_EXISTING);
            }
            Process process = new ProcessBuilder(outOfReachOfCtrlC(command))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Files.writeString(pidFile(directory),
                    ProcessIdentity.of(process.toHandle()) + " " + ProcessIdentity.of(ProcessHandle.current()));
            return new ChildProcess(name, log, process);
        } catch (IOException failure) {
            throw new SandboxFailure(name + " could not be launched: " + failure.getMessage(), failure);
        }
    }

    /// The same child, seen by the classes of a later live reload.
    public static ChildProcess adopt(String name, Path directory, Process process) {
        return new ChildProcess(name, log(directory), process);
    }

    public void awaitReady(BooleanSupplier ready, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (!ready.getAsBoolean()) {
                if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw failure("ended with exit code " + process.exitValue() + " while starting");
                }
                if (System.nanoTime() > deadline) {
                    kill();
                    throw failure("was not ready after " + timeout.toSeconds() + " s");
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SandboxFailure(name + " did not start: the waiting thread was interrupted.", interrupted);
        }
    }

    public Process process() {
        return process;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// SIGKILL to it and to every process that it started.
    void kill() {
        kill(process.toHandle());
    }

    /// A child that supervises a server exits when the server does, and reaps it; the next start must not find the
    /// server's zombie.
    private static void kill(ProcessHandle child) {
        List<ProcessHandle> started = child.descendants().toList();
        started.forEach(ProcessHandle::destroyForcibly);
        if (!started.isEmpty()) {
            child.onExit().completeOnTimeout(child, REAPING.toMillis(), TimeUnit.MILLISECONDS).join();
        }
        child.destroyForcibly();
        child.onExit().join();
    }

    /// SIGSTOP: it keeps its connections and answers nothing, until [#resume()].
    void suspend() {
        signal("STOP");
    }

    void resume() {
        signal("CONT");
    }

    /// A clean stop; SIGKILL after 20 s.
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(CLEAN_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    private void signal(String signal) {
        var command = new ArrayList<>(List.of("sh", "-c", "kill -" + signal + " \"$@\"", "sh"));
        everyProcess().forEach(each -> command.add(Long.toString(each.pid())));
        try {
            new ProcessBuilder(command).inheritIO().start().onExit().join();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private List<ProcessHandle> everyProcess() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    }

    private SandboxFailure failure(String what) {
        return new SandboxFailure("""
                %s %s. The last lines of its log %s:
                %s
                What to do: fix the error in the log, or delete the sandbox's data directory to start empty.\
                """.formatted(name, what, log, lastLines()));
    }

    private String lastLines() {
        try (Stream<String> lines = Files.lines(log)) {
            List<String> all = lines.toList();
            return "  | " + String.join("\n  | ", all.subList(Math.max(0, all.size() - LOG_LINES), all.size()));
        } catch (IOException | UncheckedIOException unreadable) {
            return "  (unreadable: " + unreadable.getMessage() + ")";
        }
    }

    /// Children need a moment to stop after their JVM ended; two servers on one directory would destroy it.
    private static void awaitPredecessor(String name, Path directory) throws IOException {
        String noted = Files.exists(pidFile(directory)) ? Files.readString(pidFile(directory)) : "";
        if (!noted.matches("\\d+@\\d+ \\d+@\\d+")) {
            return; // the first start, or the machine went down while it was written
        }
        String[] identities = noted.split(" ");
        ProcessHandle predecessor = ProcessIdentity.parse(identities[0]).alive().orElse(null);
        if (predecessor == null) {
            return;
        }
        ProcessIdentity.parse(identities[1]).alive().ifPresent(parent -> {
            throw new SandboxFailure(
                    "%s already runs on %s as process %d, started by process %d. Stop that process first."
                            .formatted(name, directory, predecessor.pid(), parent.pid()));
        });
        predecessor.onExit().completeOnTimeout(predecessor, CLEAN_STOP.toMillis(), TimeUnit.MILLISECONDS).join();
        kill(predecessor);
    }

    /// Ctrl-C goes to every process of the terminal's foreground group. In a session of its own the child runs until
    /// the application has closed its connections. Without setsid (macOS) it stops at the same time instead.
    private static List<String> outOfReachOfCtrlC(List<String> command) {
        boolean setsid = Stream.of("/usr/bin/setsid", "/bin/setsid").map(Path::of).anyMatch(Files::isExecutable);
        return setsid ? Stream.concat(Stream.of("setsid"), command.stream()).toList() : command;
    }

    private static Path log(Path directory) {
        return directory.resolveSibling("logs").resolve(directory.getFileName() + ".log");
    }

    private static Path pidFile(Path directory) {
        return directory.resolveSibling(directory.getFileName() + ".pid");
    }
}
