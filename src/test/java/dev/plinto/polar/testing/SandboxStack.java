package dev.plinto.polar.testing;

import dev.plinto.polar.sandbox.Sandbox;
import dev.plinto.polar.sandbox.process.FreePort;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// A real broker and a real database for `@QuarkusTest` classes, on free ports: shared by all test classes of a JVM,
/// empty when the JVM starts. They end with the JVM.
///
///     @QuarkusTest
///     @QuarkusTestResource(SandboxStack.class)
public final class SandboxStack implements QuarkusTestResourceLifecycleManager {

    public static final String PRODUCTION_SECRET = "polar_whs_a-secret-that-nobody-guesses";

    /// Of this JVM only, so that parallel test runs do not collide.
    static final Path DIRECTORY = Path.of("target", "sandbox-test", Long.toString(ProcessHandle.current().pid()));

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = settings();
        // The port at which the sandbox publishes Plinto's keys, so that the tokens of a test can be verified.
        settings.put("quarkus.http.test-port", port(settings.get("plinto.jwks.url")));
        // No Polar has the data that tests make up, so nothing may be compared with one.
        settings.put("polar.api.url", "http://127.0.0.1:" + FreePort.any());
        // A test seldom delivers two events at once, which could share a request to the broker.
        settings.put("mp.messaging.outgoing.received-out.linger.ms", "0");
        settings.put("sandbox.polar.speed", "20"); // its first retry comes after 0.2 to 0.4 s
        return settings;
    }

    /// The servers' settings by Quarkus' names; starts them at the first call in this JVM.
    public static Map<String, String> settings() {
        try {
            Files.createDirectories(DIRECTORY);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        var settings = new HashMap<>(Sandbox.startOn(DIRECTORY));
        settings.remove("quarkus.http.port"); // each started service gets its own
        return settings;
    }

    /// The same as environment variables, with all else that the packaged service needs in production.
    public static Map<String, String> productionEnvironment() {
        Map<String, String> settings = settings();
        var environment = new HashMap<String, String>();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", settings.get("kafka.bootstrap.servers"));
        environment.put("QUARKUS_DATASOURCE_REACTIVE_URL", settings.get("quarkus.datasource.reactive.url"));
        environment.put("QUARKUS_DATASOURCE_USERNAME", settings.get("quarkus.datasource.username"));
        environment.put("QUARKUS_DATASOURCE_PASSWORD", settings.get("quarkus.datasource.password"));
        environment.put("POLAR_WEBHOOK_SECRET", PRODUCTION_SECRET);
        environment.put("POLAR_ACCESS_TOKEN", "polar_oat_of-nobody");
        environment.put("POLAR_API_URL", "http://127.0.0.1:" + FreePort.any()); // there is no Polar
        environment.put("POLAR_RECONCILE_PERIOD", "0");
        environment.put("POLAR_TOPIC_REPLICATION", "1"); // there is one broker; without topics it is not ready
        environment.put("PLINTO_JWT_ISSUER", "https://plinto.example");
        environment.put("PLINTO_JWT_AUDIENCE", "plinto.example");
        environment.put("PLINTO_JWKS_URL", "http://127.0.0.1:" + FreePort.any() + "/jwks.json");
        return environment;
    }

    private static String port(String url) {
        return Integer.toString(URI.create(url).getPort());
    }

    @Override
    public void stop() {
        // The next test class reuses them; they end with the JVM.
    }
}
