package dev.plinto.polar.polar.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.polar.Payload;
import java.time.Instant;
import java.util.Optional;

/// One of Polar's objects in an answer: what a caller needs of it, and the whole object as it came, which is for the
/// raw topic.
///
/// @param modifiedAt the moment that the object speaks of: when Polar last modified it, else created it; empty if it
///                   states neither
/// @param json       written again, it has its numbers as they were sent
public record Answered<T>(T object, Optional<Instant> modifiedAt, JsonNode json) {

    static <T> Answered<T> of(Payload payload, PolarCalls.Reading<T> reading) {
        return new Answered<>(reading.of(payload), payload.modifiedAt(), payload.node());
    }

    /// @throws Payload.Unreadable if it is another object than the one that was asked for
    static <T> Answered<T> itself(Payload payload, String name, String requested, PolarCalls.Reading<T> reading) {
        if (!requested.equals(payload.requiredId(name))) {
            throw new Payload.Unreadable(payload.path() + "." + name, "the one that was asked for");
        }
        return of(payload, reading);
    }

    /// Without the object's JSON, which has personal data.
    @Override
    public String toString() {
        return "Answered[object=" + object + ", modifiedAt=" + modifiedAt + "]";
    }
}
