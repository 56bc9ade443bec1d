package dev.plinto.polar.testing;

import static org.awaitility.Awaitility.await;

import dev.plinto.polar.sandbox.process.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The packaged service (`target/quarkus-app`) as a process of its own, configured by environment variables only, as in
/// production. Needs a previous `mvn package`, so it is for `…IT` classes.
public final class PackagedService implements AutoCloseable {

    private static final Path RUNNER = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BRIEF = Duration.ofSeconds(1);
    private static final HttpClient HTTP = OwnThreads.httpClient();

    private static List<String> trained;

    private final Process process;
    private final int port;
    private final Path log;

    private PackagedService(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /// Returns when `/q/health/ready` answers 200.
    public static PackagedService start(Map<String, String> environment) {
        return launch(environment).awaitReady(Duration.ofMillis(100));
    }

    /// Starts another version, given by its `target/quarkus-app/quarkus-run.jar`.
    public static PackagedService start(Path runner, Map<String, String> environment) {
        return launch(java(runner), environment).awaitReady(Duration.ofMillis(100));
    }

    /// Starts it by another command, and polls for readiness more often.
    public static PackagedService start(List<String> command, Map<String, String> environment) {
        return launch(command, environment).awaitReady(Duration.ofMillis(10));
    }

    private PackagedService awaitReady(Duration interval) {
        try {
            await().atMost(PATIENCE).pollDelay(interval).pollInterval(interval).until(() -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException("The packaged service ended with exit code "
                            + process.exitValue() + ":\n" + output());
                }
                return isReady();
            });
        } catch (RuntimeException never) {
            kill();
            throw never;
        }
        return this;
    }

    /// Returns at once, for a service that is expected to fail at its start, or to exit after a task.
    public static PackagedService launch(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(trainedWith(environment) ? trained() : java(RUNNER));
        command.addAll(List.of(arguments));
        return launch(command, environment);
    }

    /// With an AOT cache, short-lived processes start in half of the time. An environment with other options starts the
    /// artefact as packaged.
    private static boolean trainedWith(Map<String, String> environment) {
        return environment.getOrDefault("JAVA_TOOL_OPTIONS", "").startsWith(OwnStack.JAVA_OPTIONS)
                && TrainedArtefact.isPossible();
    }

    /// Not in a class initializer: virtual threads that wait for one keep their carriers, and on two cores none is left
    /// for the answers that the training waits for.
    private static synchronized List<String> trained() {
        if (trained == null) {
            trained = TrainedArtefact.forTests(RUNNER.getParent()).command();
        }
        return trained;
    }

    private static List<String> java(Path runner) {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar", runner.toAbsolutePath().toString());
    }

    private static PackagedService launch(List<String> command, Map<String, String> environment) {
        int port = FreePort.any();
        try {
            Path directory = Files.createDirectories(Path.of("target", "packaged-service"));
            Path log = Files.createTempFile(directory.toAbsolutePath(), "service-", ".log");
            var builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().clear();
            builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
            builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
            builder.environment().putAll(environment);
            Process process = builder.start();
            // Also after a failed test: a service that outlives it would go on consuming.
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new PackagedService(process, port, log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public String baseUrl() {
        return "http://127.0.0.1:" + port;
    }

    public URI webhooks() {
        return URI.create(baseUrl() + "/api/v1/polar/webhooks");
    }

    public long pid() {
        return process.pid();
    }

    /// The most memory that it has had resident (Linux).
    public long peakMegabytes() {
        try (Stream<String> status = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
            return status.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024).findFirst().orElseThrow();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public Path log() {
        return log;
    }

    /// Its output up to now.
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Waits for its exit.
    public int exitCode() {
        return exitCode(PATIENCE);
    }

    int exitCode(Duration patience) {
        return process.onExit().orTimeout(patience.toSeconds(), TimeUnit.SECONDS).join().exitValue();
    }

    /// SIGKILL.
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /// SIGSTOP: it keeps its connections and does nothing, until [#resume()].
    public void suspend() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public HttpResponse<String> get(String path) {
        return get(HttpRequest.newBuilder(URI.create(baseUrl() + path)));
    }

    /// With a Plinto access token.
    public HttpResponse<String> get(String path, String token) {
        return get(HttpRequest.newBuilder(URI.create(baseUrl() + path)).header("authorization", "Bearer " + token));
    }

    /// With a Plinto access token and a body of JSON.
    ///
    /// @throws UncheckedIOException if it does not answer
    public HttpResponse<String> send(String method, String path, String token, String body) {
        try {
            return HTTP.send(HttpRequest.newBuilder(URI.create(baseUrl() + path))
                    .header("authorization", "Bearer " + token).header("content-type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static HttpResponse<String> get(HttpRequest.Builder request) {
        return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).join();
    }

    /// A gauge of this replica, ignoring its labels; empty if there is no answer.
    public OptionalDouble gauge(String name) {
        try {
            var request = HttpRequest.newBuilder(URI.create(baseUrl() + "/q/metrics")).timeout(BRIEF).build();
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body().lines()
                    .filter(line -> line.matches(name + "(\\{.*})? .*"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .findFirst();
        } catch (IOException away) {
            return OptionalDouble.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).inheritIO().start().onExit().join();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// SIGTERM, as from an orchestrator; returns at once, and [#exitCode()] waits for the exit.
    public void terminate() {
        process.destroy();
    }

    /// SIGTERM, then waits for the exit.
    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /// Asks over HTTP only once it listens: earlier requests would take processor time from the starting service.
    private boolean isReady() throws InterruptedException {
        try {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            var request = HttpRequest.newBuilder(URI.create(baseUrl() + "/q/health/ready")).build();
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }
}
