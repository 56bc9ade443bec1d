package dev.plinto.polar.reconcile;

import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// For tests that play Polar at `polar.api.url`. They share the servers of [SandboxStack] and empty the tables:
/// reconciliation would end the objects that other tests made up.
public final class PolarStack implements QuarkusTestProfile {

    static final Duration GONE_AFTER = Duration.ofMinutes(10);

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Settings.class));
    }

    public static final class Settings implements QuarkusTestResourceLifecycleManager {

        @Override
        public Map<String, String> start() {
            return Map.of("polar.api.url", "http://127.0.0.1:" + FreePort.any(),
                    "polar.reconcile.retry", "100ms",
                    "polar.reconcile.lease", "10s",
                    "polar.reconcile.gone-after", GONE_AFTER.toMinutes() + "m",
                    "polar.reconcile.max-gone", "30",
                    "polar.reconcile.max-gone-percent", "70",
                    "quarkus.http.idle-timeout", "2s"); // production has one too
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
