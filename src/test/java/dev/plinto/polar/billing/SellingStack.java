package dev.plinto.polar.billing;

import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// For tests that sell at the simulated Polar, which is served beside the service.
public final class SellingStack implements QuarkusTestProfile {

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Settings.class));
    }

    public static final class Settings implements QuarkusTestResourceLifecycleManager {

        @Override
        public Map<String, String> start() {
            String keys = SandboxStack.settings().get("plinto.jwks.url");
            return Map.of("polar.api.url", URI.create(keys).resolve("/sandbox/polar/v1").toString());
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
