package dev.plinto.polar.reconcile;

import java.time.Instant;
import java.util.Optional;

/// Where a run is. It is stored after each page, and so the run goes on from there, whoever goes on with it.
///
/// @param logFrom  the part of Polar's delivery log that the run reads, by Polar's clock, as is the next
/// @param logUntil empty where it could not be read
/// @param page     of the list that the step reads, from 1 on
record Progress(Instant logFrom, Optional<Instant> logUntil, Step step, int page) {

    static Progress begin(Instant logFrom, Instant logUntil) {
        return new Progress(logFrom, Optional.of(logUntil), Step.ALL.getFirst(), 1);
    }

    Progress withoutLog() {
        return new Progress(logFrom, Optional.empty(), step, page);
    }

    Progress nextPage() {
        return new Progress(logFrom, logUntil, step, page + 1);
    }

    /// Empty after the last step.
    Optional<Progress> nextStep() {
        int next = Step.ALL.indexOf(step) + 1;
        return next == Step.ALL.size()
                ? Optional.empty()
                : Optional.of(new Progress(logFrom, logUntil, Step.ALL.get(next), 1));
    }
}
