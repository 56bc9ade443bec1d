package dev.plinto.polar.reconcile;

import java.time.Instant;
import java.util.Optional;

/// The position of a run. It is stored after each page, so that any replica can resume the run there.
///
/// @param logFrom  start of the part of Polar's delivery log that the run reads, by Polar's clock
/// @param logUntil end of that part, by Polar's clock; empty if the log could not be read
/// @param page     in the list that the step reads, from 1
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
        return Step.ALL.stream().skip(Step.ALL.indexOf(step) + 1L).findFirst().map(this::at);
    }

    /// The next step that is about another kind: what a list lacks is not known before the list is read. Empty after
    /// the last kind.
    Optional<Progress> nextKind() {
        return Step.ALL.stream().skip(Step.ALL.indexOf(step) + 1L)
                .filter(next -> !next.ofKind().equals(step.ofKind())).findFirst().map(this::at);
    }

    private Progress at(Step next) {
        return new Progress(logFrom, logUntil, next, 1);
    }
}
