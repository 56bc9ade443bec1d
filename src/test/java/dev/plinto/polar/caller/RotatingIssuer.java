package dev.plinto.polar.caller;

import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.TokenIssuer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// For tests that play the issuer at `plinto.jwks.url`, in place of the sandbox's. Its keys are read more often than in
/// production.
public final class RotatingIssuer implements QuarkusTestProfile {

    static final Duration PAUSE = Duration.ofSeconds(3);

    @Alternative
    @Singleton
    static class OftenReadKeys extends IssuerKeys {

        @Inject
        OftenReadKeys(TokenConfig config, Vertx vertx, InstantSource clock) {
            super(config, vertx, clock, PAUSE);
        }
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(OftenReadKeys.class);
    }

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
