package dev.plinto.polar.reconcile;

import java.util.List;
import java.util.stream.Collectors;

/// A run skipped some objects, for which Polar did not answer, and repaired all others. The message is for operators.
final class IncompleteRun extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int MAX_NAMED = 10;

    /// @param skipped the objects, each with Polar's answer
    IncompleteRun(List<String> skipped) {
        super("Polar did not answer for some objects, which stay unchanged; all others were compared. Skipped: "
                + skipped.stream().limit(MAX_NAMED).collect(Collectors.joining(" "))
                + (skipped.size() > MAX_NAMED ? " And " + (skipped.size() - MAX_NAMED) + " more." : ""),
                null, false, false);
    }
}
