package dev.plinto.polar.usage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.Problem;
import dev.plinto.polar.caller.Caller;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The body of a request: one event, or a list of them.
final class SentUsage {

    /// In bytes.
    static final int LARGEST = 1024 * 1024;
    private static final int MOST = 1_000;
    private static final int MOST_NAMES_TOLD = 50;
    private static final String EVENTS = "events";

    private final List<SentEvent> events = new ArrayList<>();
    private final EventFaults faults = new EventFaults();

    /// Throws 413 `usage-too-large` or 400 `body-not-json`.
    SentUsage(byte[] body) {
        if (body.length > LARGEST) {
            throw tooLarge();
        }
        JsonNode json = object(body);
        if (!json.has(EVENTS)) {
            events.add(new SentEvent(0, json));
            return;
        }
        json.fieldNames().forEachRemaining(field -> {
            if (!field.equals(EVENTS)) {
                faults.addUnknown(null, field);
            }
        });
        JsonNode list = json.path(EVENTS);
        if (!list.isArray() || list.isEmpty() || list.size() > MOST) {
            faults.add(null, EVENTS, "must be a list of 1 to " + MOST + " events");
        } else {
            list.forEach(event -> events.add(new SentEvent(events.size(), event)));
        }
    }

    private static JsonNode object(byte[] body) {
        try {
            JsonNode json = ExactJson.read(body);
            if (json.isObject()) {
                return json;
            }
        } catch (IOException notJson) {
            // refused below
        }
        throw Problem.bodyNotJson();
    }

    private static RuntimeException tooLarge() {
        return new Problem("usage-too-large", 413, "The body is too large",
                "Nothing was taken. Send at most " + LARGEST + " bytes: split the events into several requests.")
                .exception();
    }

    int size() {
        return events.size();
    }

    /// The organizations whose usage it is, as far as the events say so in a valid way.
    ///
    /// @param own that of events that name none
    Set<String> organizations(Optional<String> own) {
        return events.stream().map(event -> event.namesOrganization() ? event.organization() : own)
                .flatMap(Optional::stream).collect(Collectors.toSet());
    }

    /// Throws 403 `event-not-allowed` if there are events that a person's token may not send.
    void requireNamesOf(Set<String> allowed) {
        List<String> others = events.stream().map(SentEvent::name).flatMap(Optional::stream)
                .filter(name -> !allowed.contains(name)).distinct().sorted().limit(MOST_NAMES_TOLD).toList();
        if (!others.isEmpty()) {
            throw new Problem("event-not-allowed", 403, "A person's token may not send these events",
                    "Nothing was taken. Let your server send them, with a service's token that has the scope "
                            + "billing:usage; or let an operator add them to POLAR_USAGE_CLIENT_EVENTS.")
                    .with("event_names", others).exception();
        }
    }

    /// Throws 422 `usage-invalid` with the faults of all events.
    ///
    /// @param own the organization of events that name none
    /// @param now the time of events that have none
    List<UsageEvent> read(Optional<String> own, Caller caller, Instant now) {
        List<UsageEvent> read = new ArrayList<>(events.size());
        for (SentEvent event : events) {
            event.read(own, caller instanceof Caller.Person, now, faults).ifPresent(read::add);
        }
        faults.requireNone();
        return read;
    }
}
