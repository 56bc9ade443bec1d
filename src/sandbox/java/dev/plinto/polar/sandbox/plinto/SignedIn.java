package dev.plinto.polar.sandbox.plinto;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// A person who signed in.
///
/// @param at when they did: `auth_time`
record SignedIn(Person person, Optional<String> organizationId, Instant at) {

    String subject() {
        return "usr_" + person.id();
    }

    String role() {
        return person.role();
    }

    /// Each organization's people have addresses of their own: Polar has one customer for an address.
    Map<String, Object> profile() {
        String tag = organizationId.map(id -> "+" + id.replaceAll("[^A-Za-z0-9._-]", "-")).orElse("");
        return Map.of("name", person.givenName(), "email", person.id() + tag + "@example.com", "email_verified", true);
    }
}
