package dev.plinto.polar.ops.console;

import dev.plinto.polar.ops.Format;
import dev.plinto.polar.ops.ReconciliationQueries.Run;
import dev.plinto.polar.ops.ReconciliationQueries.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What the page about reconciliation says about a run that was requested or goes on. The page loads itself until the
/// run has ended.
///
/// @param text      empty if there is nothing to say
/// @param isAwaited whether the page will soon say more
record RunProgress(String text, String style, boolean isAwaited) {

    static final RunProgress NONE = new RunProgress("", "", false);

    /// The last repairs are projected a moment after the run has ended.
    private static final Duration LAST_REPAIRS = Duration.ofSeconds(5);

    /// @param requestedAt when this operator requested a run; empty if none was
    static RunProgress of(Status status, Optional<Instant> requestedAt, Instant now) {
        if (status.waits()) {
            return new RunProgress(
                    "A run is requested. It starts on a replica with the role reconcile, once the backlog "
                            + "is small.",
                    "unknown", true);
        }
        if (status.step() != null) {
            return new RunProgress("A run is going on: " + Format.step(status.step()) + ", page " + status.page() + ".",
                    "unknown", true);
        }
        return requestedAt.flatMap(asked -> status.runs().stream()
                .filter(run -> run.endedAt() != null && !Instant.parse(run.startedAt()).isBefore(asked)).findFirst())
                .map(run -> ended(run, now)).orElse(NONE);
    }

    private static RunProgress ended(Run run, Instant now) {
        boolean isAwaited = Instant.parse(String.valueOf(run.endedAt())).isAfter(now.minus(LAST_REPAIRS));
        return "succeeded".equals(run.outcome())
                ? new RunProgress("The run succeeded, with " + Format.count(run.repairs(), "repair") + ".",
                        run.repairs() == 0 ? "well" : "notable", isAwaited)
                : new RunProgress("The run was given up. The log of the replica that ran it says why.", "wrong", false);
    }
}
