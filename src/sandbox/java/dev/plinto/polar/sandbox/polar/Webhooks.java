package dev.plinto.polar.sandbox.polar;

import dev.plinto.polar.polar.EventType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Polar's webhook endpoints: their addresses, selected types and secrets. Sent events are in the [EventLog].
public final class Webhooks {

    /// Every type that Polar documents.
    public static final List<String> ALL_TYPES = Arrays.stream(EventType.values()).map(EventType::wireName).toList();

    private final SimulatedState state;
    private final Emissions emissions;

    Webhooks(SimulatedState state, Emissions emissions) {
        this.state = state;
        this.emissions = emissions;
    }

    /// An endpoint that is on and accepts every type, with a secret in the current format. Unlike Polar, the simulation
    /// accepts plain HTTP and loopback addresses.
    public UUID createEndpoint(String url, String secret) {
        return createEndpoint(url, secret, true, ALL_TYPES, Emissions.API_VERSION);
    }

    /// `standard`: the secret is base64 after `whsec_`; otherwise its characters are the key, as in secrets made before
    /// September 2026.
    public UUID createEndpoint(String url, String secret, boolean standard, List<String> types, String apiVersion) {
        SimulatedEndpoint endpoint = new SimulatedEndpoint();
        endpoint.id = emissions.newId();
        endpoint.createdAt = emissions.next();
        endpoint.url = url;
        endpoint.apiVersion = apiVersion;
        endpoint.secret = secret;
        endpoint.organizationId = state.merchant.id();
        endpoint.events = List.copyOf(types);
        endpoint.usesStandardWebhookSignature = standard;
        state.endpoints.put(endpoint.id, endpoint);
        return endpoint.id;
    }

    /// Oldest first.
    public List<UUID> endpoints() {
        return List.copyOf(state.endpoints.keySet());
    }

    public Optional<UUID> named(String name) {
        return state.endpoints.values().stream()
                .filter(endpoint -> name.equals(endpoint.name))
                .map(endpoint -> endpoint.id)
                .findFirst();
    }

    public boolean enabled(UUID endpoint) {
        return find(endpoint).enabled;
    }

    /// Events of the time while it was off are not sent when it is on again.
    public void setEnabled(UUID endpoint, boolean enabled) {
        changed(endpoint).enabled = enabled;
    }

    public String url(UUID endpoint) {
        return find(endpoint).url;
    }

    public void setUrl(UUID endpoint, String url) {
        changed(endpoint).url = url;
    }

    public void setName(UUID endpoint, String name) {
        changed(endpoint).name = name;
    }

    public void select(UUID endpoint, List<String> types) {
        changed(endpoint).events = List.copyOf(types);
    }

    /// Existing events keep their version.
    public void setApiVersion(UUID endpoint, String version) {
        changed(endpoint).apiVersion = version;
    }

    public void setSecret(UUID endpoint, String secret, boolean standard) {
        SimulatedEndpoint changed = changed(endpoint);
        changed.secret = secret;
        changed.usesStandardWebhookSignature = standard;
    }

    /// A new secret replaces the old one at once; Polar signs with only one.
    public void resetSecret(UUID endpoint) {
        setSecret(endpoint, newSecret(), true);
    }

    /// 32 bytes in base64, as Polar makes them.
    public String newSecret() {
        byte[] key = emissions.newToken(32).getBytes(StandardCharsets.US_ASCII);
        return "whsec_" + Base64.getEncoder().encodeToString(key);
    }

    /// Its events and deliveries stay in the log.
    public void deleteEndpoint(UUID endpoint) {
        state.endpoints.remove(changed(endpoint).id);
    }

    private SimulatedEndpoint find(UUID id) {
        return SimulatedState.find(state.endpoints, id);
    }

    private SimulatedEndpoint changed(UUID id) {
        SimulatedEndpoint endpoint = find(id);
        endpoint.modifiedAt = emissions.next();
        return endpoint;
    }
}
