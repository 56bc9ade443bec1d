package dev.plinto.polar.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/// A replica behind a proxy that passes the client's address on. For two other classes it is one that has just started,
/// and one that may break: Quarkus runs the classes with this profile one after the other, by name. `NotReadyTest` is
/// the first, and `FailedLaneTest` breaks it for good, as the last.
public final class BehindAProxy implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("quarkus.http.proxy.proxy-address-forwarding", "true");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(SandboxStack.class));
    }
}
