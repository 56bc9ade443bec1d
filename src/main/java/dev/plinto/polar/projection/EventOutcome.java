package dev.plinto.polar.projection;

import java.util.Locale;

/// What became of an event: it changed what is known; a newer statement had said it all before; its type has no effect
/// on what is kept; its type is not known yet; it had been projected before; it could not be applied.
enum EventOutcome {
    APPLIED, STALE, IGNORED, UNKNOWN_TYPE, DUPLICATE, PARKED;

    /// Whether the event now stands in the inbox by it.
    boolean isKept() {
        return switch (this) {
            case APPLIED, STALE, IGNORED, UNKNOWN_TYPE -> true;
            case DUPLICATE, PARKED -> false;
        };
    }

    /// As it stands in the inbox.
    String stored() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// As it is counted: by whoever watches, an unknown type is one without effect.
    String counted() {
        return this == UNKNOWN_TYPE ? IGNORED.stored() : stored();
    }
}
