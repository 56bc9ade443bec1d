package dev.plinto.polar.sandbox.polar.rest;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/// The scopes that the access token lacks: none, unless some are withheld. An operation needs the one of what its path
/// is about, to read or to write.
final class Scopes {

    /// Where Polar's scope has another name than the first part of the path.
    private static final Map<String, String> OTHER_NAMES = Map.of("benefit-grants", "benefits");

    private final Set<String> withheld = new ConcurrentSkipListSet<>();

    void withhold(Set<String> scopes) {
        withheld.addAll(scopes);
    }

    boolean allow(Operation operation) {
        return !withheld.contains(neededBy(operation));
    }

    static String neededBy(Operation operation) {
        String[] path = operation.template().split("/");
        String subject = operation.template().contains("/members") ? "members" : path[1];
        boolean isReading = operation.method().equals("GET") || operation.template().endsWith("/invoice");
        return OTHER_NAMES.getOrDefault(subject, subject.replace('-', '_')) + (isReading ? ":read" : ":write");
    }
}
