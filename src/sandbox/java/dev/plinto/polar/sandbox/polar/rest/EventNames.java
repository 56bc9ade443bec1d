package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.sandbox.polar.ListedObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The names of events, with how often and when there were such.
final class EventNames {

    private EventNames() {}

    static Stream<ListedObject> of(Stream<ListedObject> events) {
        Map<String, List<ListedObject>> byName = events.collect(Collectors.groupingBy(
                event -> event.keys().get("name") + " " + event.keys().get("source"), LinkedHashMap::new,
                Collectors.toList()));
        return byName.entrySet().stream().map(entry -> name(entry.getKey(), entry.getValue()));
    }

    private static ListedObject name(String key, List<ListedObject> events) {
        List<Instant> times = events.stream().map(event -> (Instant) event.keys().get("timestamp")).sorted().toList();
        String name = (String) events.getFirst().keys().get("name");
        return new ListedObject(
                UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)),
                Map.of("name", name, "occurrences", events.size(), "first_seen", times.getFirst(), "last_seen",
                        times.getLast()),
                () -> json(name, events, times));
    }

    private static ObjectNode json(String name, List<ListedObject> events, List<Instant> times) {
        return JsonNodeFactory.instance.objectNode()
                .put("name", name)
                .put("label", name)
                .put("source", (String) events.getFirst().keys().get("source"))
                .put("occurrences", events.size())
                .put("first_seen", Rfc3339.format(times.getFirst()))
                .put("last_seen", Rfc3339.format(times.getLast()));
    }
}
