package dev.plinto.polar.sandbox.polar;

import dev.plinto.polar.polar.EventType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Polar's webhook endpoints: where events go, which of them, and how they are signed. What was sent is in the
/// [EventLog].
public final class Webhooks {

    /// Every type that Polar documents.
    public static final List<String> ALL_TYPES = Arrays.stream(EventType.values()).map(EventType::wireName).toList();

    private final World world;
    private final Emissions emissions;

    Webhooks(World world, Emissions emissions) {
        this.world = world;
        this.emissions = emissions;
    }

    /// An endpoint that is on and takes every type, with a secret of today's form. Unlike Polar, the simulation takes
    /// plain HTTP and this machine's own address.
    public UUID createEndpoint(String url, String secret) {
        return createEndpoint(url, secret, true, ALL_TYPES, Emissions.API_VERSION);
    }

    /// `standard`: the secret is base64 after `whsec_`; otherwise its characters are the key, as with secrets made
    /// before September 2026.
    public UUID createEndpoint(String url, String secret, boolean standard, List<String> types, String apiVersion) {
        WebhookEndpoint endpoint = new WebhookEndpoint();
        endpoint.id = emissions.newId();
        endpoint.createdAt = emissions.next();
        endpoint.url = url;
        endpoint.apiVersion = apiVersion;
        endpoint.secret = secret;
        endpoint.organizationId = world.merchant.id();
        endpoint.events = List.copyOf(types);
        endpoint.usesStandardWebhookSignature = standard;
        world.endpoints.put(endpoint.id, endpoint);
        return endpoint.id;
    }

    /// Oldest first.
    public List<UUID> endpoints() {
        return List.copyOf(world.endpoints.keySet());
    }

    public Optional<UUID> named(String name) {
        return world.endpoints.values().stream()
                .filter(endpoint -> name.equals(endpoint.name))
                .map(endpoint -> endpoint.id)
                .findFirst();
    }

    public boolean enabled(UUID endpoint) {
        return find(endpoint).enabled;
    }

    /// Nothing that happened while it was off is told when it is on again.
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

    /// Events that were created before keep the version that they were written in.
    public void setApiVersion(UUID endpoint, String version) {
        changed(endpoint).apiVersion = version;
    }

    public void setSecret(UUID endpoint, String secret, boolean standard) {
        WebhookEndpoint changed = changed(endpoint);
        changed.secret = secret;
        changed.usesStandardWebhookSignature = standard;
    }

    /// A new secret takes the place of the old one at once; Polar signs with one only.
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
        world.endpoints.remove(find(endpoint).id);
    }

    private WebhookEndpoint find(UUID id) {
        return World.find(world.endpoints, id);
    }

    private WebhookEndpoint changed(UUID id) {
        WebhookEndpoint endpoint = find(id);
        endpoint.modifiedAt = emissions.next();
        return endpoint;
    }
}
