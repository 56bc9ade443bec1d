package dev.plinto.polar.http;

import java.util.Locale;

/// Why a connection was cut.
enum CutReason {
    /// Its request did not arrive in time.
    SLOW,
    /// Requests that have not arrived whole take the memory reserved for them.
    MEMORY,
    /// There are too many connections.
    CONNECTIONS,
    /// It sends further requests, but does not read the answers.
    UNREAD;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
