package dev.plinto.polar.ops;

import dev.plinto.polar.billing.Caller;
import java.util.Locale;
import java.util.Objects;

/// Who operates the service, and by which way.
///
/// @param subject the claim `sub` of the token
record Actor(String subject, Way way) {

    enum Way {
        API, CONSOLE;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Actor {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(way, "way");
    }

    /// Throws a problem unless the caller operates the service.
    static Actor of(Caller caller) {
        caller.requireOperator();
        return new Actor(caller.subject(), Way.API);
    }
}
