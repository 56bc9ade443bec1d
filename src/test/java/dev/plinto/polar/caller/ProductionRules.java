package dev.plinto.polar.caller;

import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/// Reads tokens as in production, where the sandbox would trust more of them.
public final class ProductionRules implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        return Map.of("plinto.jwt.roles-of-organization", "false", "plinto.service-clients", CallerTable.LISTED_CLIENT);
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
