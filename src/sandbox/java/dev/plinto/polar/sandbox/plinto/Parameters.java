package dev.plinto.polar.sandbox.plinto;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The parameters of a request, of its query or its form. As RFC 6749 wants it, one without a value is absent, and none
/// may be there twice.
record Parameters(Map<String, List<String>> sent) {

    static Parameters of(MultivaluedMap<String, String> sent) {
        return new Parameters(sent.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
                entry -> entry.getValue().stream().filter(value -> !value.isEmpty()).toList())));
    }

    Optional<String> one(String name) {
        List<String> values = sent.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw OAuthFailure.invalidRequest("Send " + name + " once.");
        }
        return values.stream().findFirst();
    }

    String required(String name) {
        return one(name).orElseThrow(() -> OAuthFailure.invalidRequest("Send " + name + "."));
    }
}
