package dev.plinto.polar.conekta.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/// One of Conekta's objects in an answer.
///
/// @param object written again, it has its numbers as they were sent
/// @param at     the time of the answer by Conekta's clock (the header `Date`, in whole seconds): its objects carry no
///               time of change
public record Answered(JsonNode object, Instant at) {

    /// Without the object, which has personal data.
    @Override
    public String toString() {
        return "Answered[at=" + at + "]";
    }
}
