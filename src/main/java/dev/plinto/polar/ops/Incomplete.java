package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;

/// The problem (503) of a replay or discard of many that ended before the last one: how far it came, and what to do. It
/// is also what the audit log has of it.
final class Incomplete {

    private static final int RETRY_SECONDS = 5;

    /// @param silent what did not answer
    /// @param done   how many events, at least
    /// @param what   was done to them: `published`
    static WebApplicationException replay(String silent, int done, String what, String again) {
        return of("replay-incomplete", "Not all events were replayed", silent, done, what, "Replay again: " + again);
    }

    /// @param done how many events, at least
    static WebApplicationException discard(int done) {
        return of("discard-incomplete", "Not all events were discarded", "database", done, "discarded",
                "Discard again: the others are still parked.");
    }

    private static WebApplicationException of(String name, String title, String silent, int done, String what,
            String next) {
        String before = "At least " + Format.count(done, "event was", "events were") + " " + what;
        Problem problem = new Problem(name, 503, title,
                "The " + silent + " does not answer. " + before + ". " + next);
        return new WebApplicationException(before + ", not all",
                problem.responseBuilder().header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS).build());
    }

    private Incomplete() {}
}
