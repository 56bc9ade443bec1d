package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.ListedObject;
import java.util.UUID;
import java.util.stream.Stream;

/// One object of a list, by its id.
final class Single {

    private Single() {}

    /// @throws dev.plinto.polar.sandbox.polar.Refusal (404) if there is none
    static ObjectNode of(Stream<ListedObject> rows, UUID id) {
        return rows.filter(listed -> listed.id().equals(id))
                .findFirst()
                .orElseThrow(PolarAnswers::unknownResource)
                .json().get();
    }
}
