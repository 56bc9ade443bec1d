package dev.plinto.polar.sandbox.polar.rest;

import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.sandbox.provider.Faults;
import dev.plinto.polar.sandbox.provider.LoopbackServer;
import java.net.URI;
import java.util.List;
import java.util.Set;

/// The simulated Polar's REST API on a free port of this machine, until it is closed.
///
/// While it runs, all other actions on the simulation must run inside
/// [SimulatedPolar#exclusively(java.util.function.Supplier)].
public final class PolarServer implements AutoCloseable {

    /// The only accepted token.
    public static final String ACCESS_TOKEN = SimulatedApi.ACCESS_TOKEN;

    private final SimulatedApi api;
    private final LoopbackServer server;

    private PolarServer(SimulatedPolar polar) {
        api = new SimulatedApi(polar);
        server = LoopbackServer.start(api);
    }

    public static PolarServer start(SimulatedPolar polar) {
        return new PolarServer(polar);
    }

    /// Ends in `/v1`, as the base URL of Polar's own API does.
    public URI apiUrl() {
        return server.apiUrl();
    }

    /// The faults to inject into requests, by their path below `/v1`.
    public Faults<ApiFault> faults() {
        return server.faults();
    }

    /// The answered requests, oldest first (`GET /customers/`), without those that a fault answered.
    public List<String> requests() {
        return api.requests();
    }

    /// From now on requests that name this API version are answered 404.
    public void retire(String version) {
        api.retire(version);
    }

    /// From now on the token lacks these scopes, such as `checkouts:write`: what needs one is answered 403.
    public void withhold(String... scopes) {
        api.withhold(Set.of(scopes));
    }

    @Override
    public void close() {
        server.close();
    }
}
