package dev.plinto.polar.reconcile;

import java.util.List;
import java.util.stream.Collectors;

/// A run has compared and repaired all but some objects, for which Polar did not answer. The message is for people.
final class IncompleteRun extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int NAMED = 10;

    /// @param leftOut which objects, and what Polar answered
    IncompleteRun(List<String> leftOut) {
        super("all is compared but what Polar did not answer for. It is left as it is: "
                + leftOut.stream().limit(NAMED).collect(Collectors.joining(" "))
                + (leftOut.size() > NAMED ? " And " + (leftOut.size() - NAMED) + " more." : ""), null, false, false);
    }
}
