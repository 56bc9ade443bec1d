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
        String before = before(done, what);
        return problem(before, new Problem("replay-incomplete", 503, "Not all events were replayed",
                "The " + silent + " does not answer. " + before + ". Replay again: " + again));
    }

    /// @param done how many events, at least
    static WebApplicationException discard(int done) {
        String before = before(done, "discarded");
        return problem(before, new Problem("discard-incomplete", 503, "Not all events were discarded",
                "The database does not answer. " + before + ". Discard again: the others are still parked."));
    }

    private static String before(int done, String what) {
        return "At least " + Format.count(done, "event was", "events were") + " " + what;
    }

    private static WebApplicationException problem(String before, Problem problem) {
        return new WebApplicationException(before + ", not all",
                problem.responseBuilder().header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS).build());
    }

    private Incomplete() {}
}
