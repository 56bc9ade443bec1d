package dev.plinto.polar.reconcile;

import dev.plinto.polar.sandbox.conekta.rest.ConektaServer;
import dev.plinto.polar.sandbox.process.FreePort;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/// For tests that play Conekta at `conekta.api.url`. They share the servers of
/// [SandboxStack][dev.plinto.polar.testing.SandboxStack].
public final class ConektaStack implements QuarkusTestProfile {

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Settings.class));
    }

    public static final class Settings implements QuarkusTestResourceLifecycleManager {

        @Override
        public Map<String, String> start() {
            return Map.of("conekta.private-key", ConektaServer.PRIVATE_KEY,
                    "conekta.sandbox", "true",
                    "conekta.api.timeout", "1s",
                    "conekta.api.url", "http://127.0.0.1:" + FreePort.any());
        }

        @Override
        public void stop() {
            // There is nothing to stop.
        }
    }
}
