package dev.plinto.polar.testing;

import dev.plinto.polar.sandbox.process.FreePort;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/// A replica whose spool is soon full, which traces, and of which a connection may not be idle for long.
/// `DeadPartsTest` breaks it for good, after all other classes with this profile: Quarkus runs them one after the
/// other, by name.
public final class SmallSpoolAndTraces implements QuarkusTestProfile {

    public static final long MAX_EVENTS = 100;

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("polar.ingress.spool-max-events", Long.toString(MAX_EVENTS),
                "quarkus.http.idle-timeout", "2s", // production has one too
                "otel.exporter.otlp.endpoint", "http://127.0.0.1:" + FreePort.any()); // without a listener
    }
}
