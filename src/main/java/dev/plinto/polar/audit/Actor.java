package dev.plinto.polar.audit;

import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.telemetry.RequestId;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who performs an action, and by which request.
///
/// @param subject   the claim `sub` of the token; of the service itself, its part that acts
/// @param requestId see [RequestId]; null where no request is the cause
public record Actor(Kind kind, String subject, Way way, @Nullable String requestId) {

    public enum Kind {
        /// A user of an organization: the subject is personal data.
        PERSON,
        /// Another service.
        SERVICE,
        OPERATOR,
        /// This service, of its own accord.
        SYSTEM;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public enum Way {
        API, CONSOLE, SYSTEM;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Actor {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(way, "way");
    }

    /// An operator, by the current request.
    public static Actor operator(String subject, Way way) {
        return new Actor(Kind.OPERATOR, subject, way, RequestId.current());
    }

    /// An operator who calls the API; the role is checked already.
    public static Actor of(Caller caller) {
        return operator(caller.subject(), Way.API);
    }

    /// Who acts for an organization, by the current request.
    public static Actor ofOrganization(Caller caller) {
        Kind kind = switch (caller) {
            case Caller.Person person -> Kind.PERSON;
            case Caller.Service service -> Kind.SERVICE;
            case Caller.Unreadable unreadable -> throw new IllegalArgumentException("a caller who may nothing");
        };
        return new Actor(kind, caller.subject(), Way.API, RequestId.current());
    }

    static Actor system(String part) {
        return new Actor(Kind.SYSTEM, part, Way.SYSTEM, null);
    }
}
