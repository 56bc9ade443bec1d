package dev.plinto.polar.sandbox.conekta.rest;

import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.sandbox.provider.Faults;
import dev.plinto.polar.sandbox.provider.LoopbackServer;
import java.net.URI;
import java.util.List;
import java.util.function.Function;

/// The simulated Conekta's REST API on a free port of this machine, until it is closed.
///
/// While it runs, all other actions on the simulation must run inside
/// [SimulatedConekta#exclusively(java.util.function.Supplier)].
public final class ConektaServer implements AutoCloseable {

    /// The only accepted key.
    public static final String PRIVATE_KEY = ConektaApi.PRIVATE_KEY;

    private final ConektaApi api;
    private final LoopbackServer server;

    private ConektaServer(SimulatedConekta conekta, Function<ConektaApi, LoopbackServer> start) {
        api = new ConektaApi(conekta);
        server = start.apply(api);
        conekta.exclusively(() -> conekta.serveApiAt(server.apiUrl().toString()));
    }

    public static ConektaServer start(SimulatedConekta conekta) {
        return new ConektaServer(conekta, LoopbackServer::start);
    }

    /// At this port, so that its address is known before.
    public static ConektaServer start(SimulatedConekta conekta, int port) {
        return new ConektaServer(conekta, api -> LoopbackServer.start(api, port));
    }

    /// Without a slash at its end, as the base path of Conekta's clients.
    public URI apiUrl() {
        return server.apiUrl();
    }

    /// The faults to inject into requests, by their path.
    public Faults<ApiFault> faults() {
        return server.faults();
    }

    /// The answered requests, oldest first (`POST /orders`), without those that a fault answered.
    public List<String> requests() {
        return api.requests();
    }

    @Override
    public void close() {
        server.close();
    }
}
