package dev.plinto.polar.caller;

import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.TokenIssuer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/// For tests that play the issuer at `plinto.jwks.url`, in place of the sandbox's.
public final class RotatingIssuer implements QuarkusTestProfile {

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Settings.class));
    }

    public static final class Settings implements QuarkusTestResourceLifecycleManager {

        @Override
        public Map<String, String> start() {
            return Map.of("plinto.jwks.url", "http://127.0.0.1:" + FreePort.any() + "/jwks.json",
                    "plinto.jwt.issuer", TokenIssuer.ISSUER,
                    "plinto.jwt.audience", TokenIssuer.AUDIENCE);
        }

        /// After [SandboxStack], to override its settings.
        @Override
        public int order() {
            return 1;
        }

        @Override
        public void stop() {
            // There is nothing to stop.
        }
    }
}
