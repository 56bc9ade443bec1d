package dev.plinto.polar.sandbox;

import dev.plinto.polar.sandbox.broker.EmbeddedKafka;
import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.sandbox.database.PostgresBinaries;
import dev.plinto.polar.sandbox.process.DataDirectory;
import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.sandbox.process.KeptAcrossReloads;
import dev.plinto.polar.sandbox.process.SandboxFailure;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/// Starts a broker and a database and passes their addresses to the service. They end with this JVM, survive live
/// reloads, and find their data again at the next start.
///
/// `Main` finds this class by its name, since the production artefact does not contain it. As Quarkus' application it
/// then prints what to try, once everything is started.
public final class Sandbox implements QuarkusApplication {

    private static final int HTTP_PORT = 8080;
    private static final int KAFKA_PORT = 19_092;
    private static final int POSTGRES_PORT = 15_432;

    private static Endpoints endpoints;

    /// Starts dev mode's sandbox on the project's own data directory. `configured` returns a setting's value, or null.
    /// If a usual port is taken, the next free one is used.
    public static Map<String, String> start(UnaryOperator<String> configured) {
        String wanted = configured.apply("quarkus.http.port");
        Path directory = DataDirectory.ofProject();
        KeptAcrossReloads kept = locked(directory);
        kept.once("end with Maven", Sandbox::endWithParent);
        int http = wanted == null ? kept.port("http", () -> FreePort.from(HTTP_PORT)) : Integer.parseInt(wanted);
        EmbeddedKafka kafka = kafka(kept, directory, kept.port("kafka", () -> FreePort.from(KAFKA_PORT)),
                EmbeddedKafka::launchFromArchive);
        exitUnlessReady(kafka);
        endpoints = endpoints(kept, directory, http, kafka, kept.port("postgres", () -> FreePort.from(POSTGRES_PORT)));
        endpoints.write();
        return endpoints.settings();
    }

    /// For tests: on a directory and ports of their own. A second call in this JVM reuses the same servers.
    public static Map<String, String> startOn(Path directory) {
        Path absolute = directory.toAbsolutePath();
        KeptAcrossReloads kept = locked(absolute);
        EmbeddedKafka kafka = kafka(kept, absolute, kept.port("kafka", FreePort::any), EmbeddedKafka::launch);
        Endpoints own = endpoints(kept, absolute, kept.port("http", FreePort::any), kafka,
                kept.port("postgres", FreePort::any));
        kafka.awaitReady();
        own.write();
        return own.settings();
    }

    /// A killed Maven would leave its dev mode running, which would keep the data directory and the ports.
    private static void endWithParent() {
        ProcessHandle.current().parent().ifPresent(maven -> maven.onExit().thenRun(() -> System.exit(1)));
    }

    private static KeptAcrossReloads locked(Path directory) {
        KeptAcrossReloads kept = KeptAcrossReloads.of(directory);
        kept.lock(() -> DataDirectory.lock(directory));
        return kept;
    }

    /// The broker takes longest, so it starts first. The service does not wait for this: it awaits its broker itself,
    /// as in production.
    private static void exitUnlessReady(EmbeddedKafka kafka) {
        Thread.ofPlatform().daemon().name("sandbox-broker").start(() -> {
            try {
                kafka.awaitReady();
            } catch (SandboxFailure failure) {
                System.err.println(failure.getMessage());
                System.exit(1);
            }
        });
    }

    private static Endpoints endpoints(KeptAcrossReloads kept, Path directory, int http, EmbeddedKafka kafka,
            int pgPort) {
        EmbeddedPostgres postgres = postgres(kept, directory.resolve("postgresql-" + PostgresBinaries.MAJOR_VERSION),
                pgPort);
        return new Endpoints(directory, http, kafka.bootstrapServers(), postgres.reactiveUrl(), postgres.jdbcUrl());
    }

    private static EmbeddedKafka kafka(KeptAcrossReloads kept, Path sandbox, int port,
            BiFunction<Path, Integer, EmbeddedKafka> launch) {
        Path directory = sandbox.resolve("kafka-" + EmbeddedKafka.version());
        Process running = kept.alive("kafka");
        if (running != null) {
            return EmbeddedKafka.adopt(directory, port, running);
        }
        EmbeddedKafka launched = launch.apply(directory, port);
        kept.keep("kafka", launched.process());
        return launched;
    }

    private static EmbeddedPostgres postgres(KeptAcrossReloads kept, Path directory, int port) {
        Process running = kept.alive("postgres");
        if (running != null) {
            return EmbeddedPostgres.adopt(directory, port, running);
        }
        EmbeddedPostgres started = EmbeddedPostgres.start(directory, port);
        kept.keep("postgres", started.process());
        return started;
    }

    @Override
    public int run(String... arguments) {
        KeptAcrossReloads.of(endpoints.directory()).once("welcome", () -> System.out.println(endpoints.welcome()));
        Quarkus.waitForExit();
        return 0;
    }
}
