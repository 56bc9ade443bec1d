package dev.plinto.polar.audit;

import dev.plinto.polar.caller.Caller;
import java.util.Locale;
import java.util.Objects;

/// The operator who performs an action, through the API or the console.
///
/// @param subject the claim `sub` of the token
public record Actor(String subject, Way way) {

    public enum Way {
        API, CONSOLE;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Actor {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(way, "way");
    }

    /// An operator who calls the API; [dev.plinto.polar.caller.OperatorsOnly] has checked the role.
    public static Actor of(Caller caller) {
        return new Actor(caller.subject(), Way.API);
    }
}
