package dev.plinto.polar.billing;

import dev.plinto.polar.caller.ProductionRules;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;

/// As [SellingStack], with the rules of production: most services are not listed for other organizations.
public final class StrictSelling implements QuarkusTestProfile {

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(SellingStack.Settings.class),
                new TestResourceEntry(ProductionRules.class));
    }
}
