package dev.plinto.polar.reconcile;

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

/// A broker and a database of its own: in [dev.plinto.polar.testing.SandboxStack]'s, reconciliation would end the
/// objects that other tests made up. The test plays Polar at `polar.api.url`.
public final class PolarStack implements QuarkusTestResourceLifecycleManager {

    private static final Path DIRECTORY = Path.of("target", "polar-stack",
            Long.toString(ProcessHandle.current().pid()));

    @Override
    public Map<String, String> start() {
        try {
            Files.createDirectories(DIRECTORY);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Map<String, String> settings = new HashMap<>(Sandbox.startOn(DIRECTORY));
        settings.remove("quarkus.http.port");
        settings.put("quarkus.http.test-port",
                Integer.toString(URI.create(settings.get("plinto.jwks.url")).getPort()));
        settings.put("polar.api.url", "http://127.0.0.1:" + FreePort.any());
        settings.put("polar.reconcile.retry", "200ms");
        settings.put("polar.reconcile.max-gone", "30");
        settings.put("quarkus.http.idle-timeout", "2s"); // production has one too
        return settings;
    }

    /// After the stack of all other tests, to override its settings.
    @Override
    public int order() {
        return 1;
    }

    @Override
    public void stop() {
        // They end with the JVM.
    }
}
