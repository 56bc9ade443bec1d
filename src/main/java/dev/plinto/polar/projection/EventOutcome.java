package dev.plinto.polar.projection;

import java.util.Locale;

/// The result of projecting an event: it changed the state; newer statements had replaced all of its own; its type does
/// not concern the state; its type is unknown; it was projected before; another body with its
/// webhook id was stored before; it could not be applied.
enum EventOutcome {
    APPLIED, STALE, IGNORED, UNKNOWN_TYPE, DUPLICATE, CONFLICT, PARKED;

    /// Whether the event is stored in the inbox.
    boolean isKept() {
        return switch (this) {
            case APPLIED, STALE, IGNORED, UNKNOWN_TYPE -> true;
            case DUPLICATE, CONFLICT, PARKED -> false;
        };
    }

    /// The value of the inbox's column `outcome`.
    String stored() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Metric label: unknown types count as `ignored`, conflicts as `duplicate`, since both change as little.
    String metricLabel() {
        return switch (this) {
            case UNKNOWN_TYPE -> IGNORED.stored();
            case CONFLICT -> DUPLICATE.stored();
            case APPLIED, STALE, IGNORED, DUPLICATE, PARKED -> stored();
        };
    }
}
