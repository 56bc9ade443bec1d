package dev.plinto.polar.ingress;

import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// The bodies that each client is sending, where a trusted proxy names the clients. Of a client with too many, the one
/// that has been incomplete for longest is cut off: Polar's arrive whole within milliseconds.
///
/// Otherwise nothing is limited by address: behind a load balancer all clients have the same one.
@ApplicationScoped
class ClientBodies {

    private static final String FORWARDING = "quarkus.http.proxy.proxy-address-forwarding";
    /// Far more than Polar has under way at once.
    private static final int MOST_OF_A_CLIENT = 64;

    private final boolean areClientsKnown;
    private final int most;
    private final Map<String, Set<BoundedBody>> incomplete = new HashMap<>();

    /// @param areClientsKnown whether Quarkus takes the client's address from the headers of a proxy
    @Inject
    ClientBodies(@ConfigProperty(name = FORWARDING, defaultValue = "false") boolean areClientsKnown) {
        this(areClientsKnown, MOST_OF_A_CLIENT);
    }

    ClientBodies(boolean areClientsKnown, int most) {
        this.areClientsKnown = areClientsKnown;
        this.most = most;
    }

    void began(HttpServerRequest request, BoundedBody body) {
        if (areClientsKnown) {
            String client = request.remoteAddress().host();
            BoundedBody longest = add(client, body);
            body.whenDone(() -> remove(client, body));
            if (longest != null) {
                longest.cutOff();
            }
        }
    }

    /// Returns the client's longest incomplete body if there are too many.
    private synchronized @Nullable BoundedBody add(String client, BoundedBody body) {
        Set<BoundedBody> ofClient = incomplete.computeIfAbsent(client, first -> new LinkedHashSet<>());
        ofClient.add(body);
        return ofClient.size() > most ? ofClient.iterator().next() : null;
    }

    private synchronized void remove(String client, BoundedBody body) {
        Set<BoundedBody> ofClient = incomplete.get(client);
        if (ofClient != null && ofClient.remove(body) && ofClient.isEmpty()) {
            incomplete.remove(client);
        }
    }
}
