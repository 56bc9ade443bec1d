package dev.plinto.polar.billing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/// As [SellingStack], where Conekta is on, with a plan and a price of two products that Polar does not have.
public final class ConektaOn implements QuarkusTestProfile {

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(SellingStack.Settings.class), new TestResourceEntry(Settings.class));
    }

    public static final class Settings implements QuarkusTestResourceLifecycleManager {

        /// Nothing is read of Conekta's topic.
        @Override
        public Map<String, String> start() {
            return Map.of("conekta.private-key", "key_of_nobody", "conekta.plans", "plan_pro=pro", "conekta.products",
                    "pack=4900", "role.projects.conekta", "false");
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
