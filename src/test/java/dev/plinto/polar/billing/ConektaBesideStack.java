package dev.plinto.polar.billing;

import dev.plinto.polar.sandbox.process.FreePort;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/// As [SellingStack], where the test itself serves the sandbox's simulated Conekta, at `conekta.api.url`, so that it
/// can be away or fail.
public final class ConektaBesideStack implements QuarkusTestProfile {

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(SellingStack.Settings.class), new TestResourceEntry(Settings.class));
    }

    public static final class Settings implements QuarkusTestResourceLifecycleManager {

        @Override
        public Map<String, String> start() {
            return Map.of("conekta.api.url", "http://127.0.0.1:" + FreePort.any(), "conekta.api.timeout", "2s");
        }

        /// After `SandboxStack`, to override its settings.
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
