package dev.plinto.polar.polar.api;

import dev.plinto.polar.sandbox.polar.rest.PolarServer;
import java.net.URI;

/// Metered events at a server that stands in for Polar's sandbox, with a budget of its own.
public final class PolarEventsAt {

    public static PolarEvents of(URI apiUrl) {
        return new PolarEvents(ScriptedPolar.calls(config(apiUrl)));
    }

    public static PolarConfig config(URI apiUrl) {
        return ScriptedPolar.config(PolarServer.ACCESS_TOKEN, "true", apiUrl.toString(), "10s");
    }

    private PolarEventsAt() {}
}
