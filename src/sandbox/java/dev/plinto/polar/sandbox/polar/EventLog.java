package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Polar's log of events and of the attempts to deliver them.
///
/// An event belongs to one endpoint. None is created for an endpoint that is off, or for a type that it has not
/// selected; and what was never created cannot be redelivered.
public final class EventLog {

    /// After this Polar archives a payload, and its event cannot be redelivered any more.
    static final Duration RETENTION = Duration.ofDays(90);

    private static final Duration GUARDED = Duration.ofSeconds(60);
    private static final int FAILURES_UNTIL_OFF = 10;
    private static final int STORED_RESPONSE = 2_048;

    private final World world;
    private final Emissions emissions;
    /// Oldest first.
    private final Map<UUID, StoredEvent> unattempted = new LinkedHashMap<>();
    private Consumer<Due> courier = due -> {};

    EventLog(World world, Emissions emissions) {
        this.world = world;
        this.emissions = emissions;
        world.events.values().stream()
                .filter(event -> event.attempts == 0 && event.pending())
                .forEach(event -> unattempted.put(event.id, event));
    }

    /// Who is told, from now on, of each event that is to be delivered. It is told while the simulation is busy, and
    /// must only make a note.
    public void handTo(Consumer<Due> newCourier) {
        courier = newCourier;
    }

    /// The ids of an endpoint's events, oldest first.
    public List<UUID> of(UUID endpoint) {
        return ofEndpoint(endpoint).map(event -> event.id).toList();
    }

    /// Those that may still be delivered without anybody asking for it.
    public List<Due> pending() {
        return world.events.values().stream()
                .filter(StoredEvent::pending)
                .map(event -> new Due(event.id, event.endpointId, false))
                .toList();
    }

    public boolean knows(UUID event) {
        return world.events.containsKey(event);
    }

    /// True and false are final; empty while attempts are left, or none was made.
    public Optional<Boolean> succeeded(UUID event) {
        return Optional.ofNullable(World.find(world.events, event).succeeded);
    }

    public boolean skipped(UUID event) {
        return World.find(world.events, event).skipped;
    }

    /// Once more, whether it has succeeded or not.
    public void redeliver(UUID event) {
        courier.accept(new Due(event, World.find(world.events, event).endpointId, true));
    }

    /// What the next attempt to deliver this event is about.
    public Parcel parcel(UUID id) {
        StoredEvent event = World.find(world.events, id);
        WebhookEndpoint endpoint = world.endpoints.get(event.endpointId);
        boolean on = endpoint != null && endpoint.enabled;
        return new Parcel(
                id, event.type, on ? endpoint.url : null, on ? endpoint.secret : null,
                on && endpoint.usesStandardWebhookSignature, event.apiVersion, event.payload, event.attempts,
                Boolean.TRUE.equals(event.succeeded));
    }

    /// How many events of the same endpoint must be attempted before this one: older ones, of the last minute, that
    /// have not been. One that was attempted in vain holds up nobody, so its retries come after newer events.
    public int before(UUID id) {
        StoredEvent event = World.find(world.events, id);
        Instant limit = emissions.now().minus(GUARDED);
        return (int) unattempted.values().stream()
                .takeWhile(older -> older.createdAt.isBefore(event.createdAt))
                .filter(older -> older.endpointId.equals(event.endpointId) && older.createdAt.isAfter(limit))
                .count();
    }

    /// Newer events need not wait for this one any more.
    public void letPass(UUID id) {
        unattempted.remove(id);
    }

    /// The endpoint was off when it was the event's turn.
    public void skip(UUID id) {
        World.find(world.events, id).skipped = true;
        unattempted.remove(id);
    }

    /// Writes down an attempt. `status` is null where no answer came, and `response` then says why.
    ///
    /// @param last whether no attempt follows if this one has failed. The tenth such event in a row switches the
    ///     endpoint off, and skips what is pending
    public void attempted(UUID id, Integer status, String response, boolean last) {
        StoredEvent event = World.find(world.events, id);
        boolean succeeded = status != null && status / 100 == 2;
        unattempted.remove(id);
        event.attempts++;
        event.skipped = false;
        event.lastHttpCode = status;
        event.modifiedAt = emissions.now();
        world.deliveries.add(new StoredDelivery(
                Emissions.derivedId(id, event.attempts), event.modifiedAt, null, succeeded, status, shortened(response),
                id));
        if (succeeded) {
            event.succeeded = true;
        } else if (last && event.succeeded == null) {
            event.succeeded = false;
        }
        if (last && Boolean.FALSE.equals(event.succeeded)) {
            switchOffAfterFailures(world.endpoints.get(event.endpointId));
        }
    }

    /// Lets Polar's daily job run: payloads older than [#RETENTION] are gone.
    public void archive() {
        Instant limit = emissions.now().minus(RETENTION);
        world.events.values().stream().takeWhile(event -> event.createdAt.isBefore(limit)).forEach(event -> {
            event.isArchived = true;
            event.payload = null;
            unattempted.remove(event.id);
        });
    }

    /// Forgets all but the newest events, for a log that is kept in a small file.
    public void keepNewest(int number) {
        int surplus = world.events.size() - number;
        if (surplus > 0) {
            List.copyOf(world.events.keySet()).subList(0, surplus).forEach(event -> {
                world.events.remove(event);
                unattempted.remove(event);
            });
            world.deliveries.removeIf(delivery -> !world.events.containsKey(delivery.eventId()));
        }
    }

    /// An event was emitted: it is stored for each endpoint that takes it. The first of them has it under its own id.
    void store(WebhookEvent emitted, ObjectNode envelope) {
        UUID id = UUID.fromString(emitted.webhookId());
        for (WebhookEndpoint endpoint : world.endpoints.values()) {
            if (!endpoint.takes(emitted.type())) {
                continue;
            }
            StoredEvent event = new StoredEvent();
            event.id = world.events.containsKey(id) ? emissions.newId() : id;
            event.createdAt = emitted.timestamp();
            event.apiVersion = endpoint.apiVersion;
            event.payload = payload(emitted, envelope, endpoint.apiVersion);
            event.type = emitted.type();
            event.endpointId = endpoint.id;
            world.events.put(event.id, event);
            unattempted.put(event.id, event);
            courier.accept(new Due(event.id, endpoint.id, false));
        }
    }

    private static String payload(WebhookEvent emitted, ObjectNode envelope, String apiVersion) {
        if (apiVersion.equals(Emissions.API_VERSION)) {
            return new String(emitted.body(), StandardCharsets.UTF_8);
        }
        try {
            return SimulatedJson.MAPPER.writeValueAsString(envelope.deepCopy().put("api_version", apiVersion));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void switchOffAfterFailures(WebhookEndpoint endpoint) {
        if (endpoint == null || !endpoint.enabled) {
            return;
        }
        List<StoredEvent> newest = world.events.sequencedValues().reversed().stream()
                .filter(event -> event.endpointId.equals(endpoint.id) && event.succeeded != null)
                .limit(FAILURES_UNTIL_OFF)
                .toList();
        if (newest.size() == FAILURES_UNTIL_OFF && newest.stream().noneMatch(event -> event.succeeded)) {
            endpoint.enabled = false;
            endpoint.modifiedAt = emissions.now();
            ofEndpoint(endpoint.id).filter(StoredEvent::pending).forEach(event -> skip(event.id));
        }
    }

    private Stream<StoredEvent> ofEndpoint(UUID endpoint) {
        return world.events.values().stream().filter(event -> event.endpointId.equals(endpoint));
    }

    private static String shortened(String response) {
        if (response == null || response.isEmpty()) {
            return null;
        }
        String clean = response.replace("\0", "");
        return clean.length() <= STORED_RESPONSE ? clean : clean.substring(0, STORED_RESPONSE);
    }

    /// An event that is to be delivered: for the first time, or again because somebody asked for it.
    public record Due(UUID event, UUID endpoint, boolean redelivery) {}

    /// An event on its way. `url` and `secret` are null while the endpoint is off, or gone; `payload` is once archived.
    public record Parcel(
            UUID webhookId,
            String type,
            String url,
            String secret,
            boolean standardKey,
            String apiVersion,
            String payload,
            int attempts,
            boolean succeeded) {

        /// Without the secret, which must not get into a log by mistake.
        @Override
        public String toString() {
            return type + " " + webhookId;
        }
    }
}
