package dev.plinto.polar.sandbox.plinto;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// A person who signed in.
///
/// @param organizationId the one that the tokens name
/// @param at             when they did: `auth_time`
record SignedIn(Person person, Memberships memberships, Optional<String> organizationId, Instant at) {

    /// The same sign-in, for that organization; empty if the person does not belong to it.
    Optional<SignedIn> in(String organization) {
        return memberships.roles().containsKey(organization)
                ? Optional.of(new SignedIn(person, memberships, Optional.of(organization), at))
                : Optional.empty();
    }

    boolean isSameSignIn(SignedIn other) {
        return person == other.person && memberships.equals(other.memberships) && at.equals(other.at);
    }

    String subject() {
        return "usr_" + person.id();
    }

    String role() {
        return organizationId.map(memberships.roles()::get).orElse("ops");
    }

    /// Polar has one customer for an address. So each organization's people have addresses of their own, but whoever
    /// belongs to several has the same one everywhere, as in life.
    Map<String, Object> profile() {
        String tag = organizationId.filter(id -> person != Person.CONSULTANT)
                .map(id -> "+" + id.replaceAll("[^A-Za-z0-9._-]", "-")).orElse("");
        return Map.of("name", person.givenName(), "email", person.id() + tag + "@example.com", "email_verified", true);
    }
}
