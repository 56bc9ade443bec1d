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
/// An event belongs to one endpoint. No event is created for an endpoint that is off or has not selected the type, and
/// an event that was not created cannot be redelivered.
public final class EventLog {

    /// After this time Polar archives a payload, and its event can no longer be redelivered.
    static final Duration RETENTION = Duration.ofDays(90);

    private static final Duration GUARD_WINDOW = Duration.ofSeconds(60);
    private static final int FAILURES_UNTIL_OFF = 10;
    private static final int STORED_RESPONSE = 2_048;

    private final SimulatedState state;
    private final Emissions emissions;
    /// Oldest first.
    private final Map<UUID, Unattempted> unattempted = new LinkedHashMap<>();
    private Consumer<Due> dueListener = due -> {};

    EventLog(SimulatedState state, Emissions emissions) {
        this.state = state;
        this.emissions = emissions;
        state.events.values().stream()
                .filter(event -> event.attempts == 0 && event.pending())
                .forEach(event -> unattempted.put(event.id, new Unattempted(event, emissions.unmoved())));
    }

    /// Sets the listener for each event that is due for delivery. It is called while the simulation is locked, and must
    /// only enqueue the event.
    public void onDue(Consumer<Due> newListener) {
        dueListener = newListener;
    }

    /// The ids of an endpoint's events, oldest first.
    public List<UUID> of(UUID endpoint) {
        return ofEndpoint(endpoint).map(event -> event.id).toList();
    }

    /// The events that may still be delivered without a redelivery request.
    public List<Due> pending() {
        return state.events.values().stream()
                .filter(StoredEvent::pending)
                .map(event -> new Due(event.id, event.endpointId, false))
                .toList();
    }

    public boolean contains(UUID event) {
        return state.events.containsKey(event);
    }

    /// True and false are final; empty while attempts are left, or none was made.
    public Optional<Boolean> succeeded(UUID event) {
        return Optional.ofNullable(SimulatedState.find(state.events, event).succeeded);
    }

    public boolean skipped(UUID event) {
        return SimulatedState.find(state.events, event).skipped;
    }

    /// Delivers once more, whether it has succeeded or not.
    public void redeliver(UUID event) {
        dueListener.accept(new Due(event, SimulatedState.find(state.events, event).endpointId, true));
    }

    /// The data of the next attempt to deliver this event.
    public NextAttempt nextAttempt(UUID id) {
        StoredEvent event = SimulatedState.find(state.events, id);
        SimulatedEndpoint endpoint = state.endpoints.get(event.endpointId);
        boolean on = endpoint != null && endpoint.enabled;
        return new NextAttempt(
                id, event.type, on ? endpoint.url : null, on ? endpoint.secret : null,
                on && endpoint.usesStandardWebhookSignature, event.apiVersion, event.payload, event.attempts,
                Boolean.TRUE.equals(event.succeeded));
    }

    /// The number of older events of the same endpoint that must be attempted first: those of the last minute without
    /// an attempt. A failed attempt does not block newer events, so its retries come after them.
    public int unattemptedBefore(UUID id) {
        StoredEvent event = SimulatedState.find(state.events, id);
        Instant limit = emissions.unmoved().minus(GUARD_WINDOW);
        return (int) unattempted.values().stream()
                .takeWhile(older -> older.event.createdAt.isBefore(event.createdAt))
                .filter(older -> older.event.endpointId.equals(event.endpointId) && older.since.isAfter(limit))
                .count();
    }

    /// Newer events no longer wait for this one.
    public void allowOvertaking(UUID id) {
        unattempted.remove(id);
    }

    /// Marks an event as skipped: its endpoint was off when it was due.
    public void skip(UUID id) {
        SimulatedState.find(state.events, id).skipped = true;
        unattempted.remove(id);
    }

    /// Records an attempt. `status` is null if no answer came; `response` is then the reason.
    ///
    /// @param last whether no further attempt follows if this one has failed. The tenth such event in a row switches
    ///     the endpoint off, and skips its pending events
    public void recordAttempt(UUID id, Integer status, String response, boolean last) {
        StoredEvent event = SimulatedState.find(state.events, id);
        boolean succeeded = status != null && status / 100 == 2;
        unattempted.remove(id);
        event.attempts++;
        event.skipped = false;
        event.lastHttpCode = status;
        event.modifiedAt = emissions.now();
        state.deliveries.add(new StoredDelivery(
                Emissions.derivedId(id, event.attempts), event.modifiedAt, null, succeeded, status, shortened(response),
                id));
        if (succeeded) {
            event.succeeded = true;
        } else if (last && event.succeeded == null) {
            event.succeeded = false;
        }
        if (last && Boolean.FALSE.equals(event.succeeded)) {
            switchOffAfterFailures(state.endpoints.get(event.endpointId));
        }
    }

    /// Runs Polar's daily job: payloads older than [#RETENTION] are removed.
    public void archive() {
        Instant limit = emissions.now().minus(RETENTION);
        state.events.values().stream().takeWhile(event -> event.createdAt.isBefore(limit)).forEach(event -> {
            event.isArchived = true;
            event.payload = null;
            unattempted.remove(event.id);
        });
    }

    /// Removes all but the newest events, and those that may still be delivered, for a log that is kept in a small
    /// file.
    public void keepNewest(int number) {
        int surplus = state.events.size() - number;
        if (surplus > 0) {
            List<StoredEvent> oldest = List.copyOf(state.events.values()).subList(0, surplus);
            oldest.stream().filter(event -> !event.pending()).forEach(event -> state.events.remove(event.id));
            state.deliveries.removeIf(delivery -> !state.events.containsKey(delivery.eventId()));
        }
    }

    /// Stores an emitted event for each endpoint that accepts it. The first of them gets it under its own id.
    void store(WebhookEvent emitted, ObjectNode envelope) {
        UUID id = UUID.fromString(emitted.webhookId());
        for (SimulatedEndpoint endpoint : state.endpoints.values()) {
            if (!endpoint.accepts(emitted.type())) {
                continue;
            }
            StoredEvent event = new StoredEvent();
            event.id = state.events.containsKey(id) ? emissions.newId() : id;
            event.createdAt = emitted.timestamp();
            event.apiVersion = endpoint.apiVersion;
            event.payload = payload(emitted, envelope, endpoint.apiVersion);
            event.type = emitted.type();
            event.endpointId = endpoint.id;
            state.events.put(event.id, event);
            unattempted.put(event.id, new Unattempted(event, emissions.unmoved()));
            dueListener.accept(new Due(event.id, endpoint.id, false));
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

    private void switchOffAfterFailures(SimulatedEndpoint endpoint) {
        if (endpoint == null || !endpoint.enabled) {
            return;
        }
        List<StoredEvent> newest = state.events.sequencedValues().reversed().stream()
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
        return state.events.values().stream().filter(event -> event.endpointId.equals(endpoint));
    }

    private static String shortened(String response) {
        if (response == null || response.isEmpty()) {
            return null;
        }
        String clean = response.replace("\0", "");
        return clean.length() <= STORED_RESPONSE ? clean : clean.substring(0, STORED_RESPONSE);
    }

    /// `since` is when it was emitted by a clock that was never moved: what happens while the clock is moved over days
    /// is delivered at once, but in order.
    private record Unattempted(StoredEvent event, Instant since) {}

    /// An event that is due: its first delivery, or a requested redelivery.
    public record Due(UUID event, UUID endpoint, boolean redelivery) {}

    /// An attempt to be made. `url` and `secret` are null while the endpoint is off or deleted; `payload` is null once
    /// archived.
    public record NextAttempt(
            UUID webhookId,
            String type,
            String url,
            String secret,
            boolean standardKey,
            String apiVersion,
            String payload,
            int attempts,
            boolean succeeded) {

        /// Without the secret, which must not appear in a log.
        @Override
        public String toString() {
            return type + " " + webhookId;
        }
    }
}
