package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;

/// How many items of a list are answered at most.
final class Limit {

    private static final int USUAL = 50;
    private static final int HIGHEST = 500;

    /// Throws a problem where the text is none; null stands for the usual one.
    static int of(String limit) {
        try {
            int most = limit == null ? USUAL : Integer.parseInt(limit);
            if (most >= 1 && most <= HIGHEST) {
                return most;
            }
        } catch (NumberFormatException noNumber) {
            // said below
        }
        throw new Problem("parameter-invalid", 400, "That is no limit",
                "The limit is a whole number from 1 to " + HIGHEST + ".").exception();
    }

    private Limit() {}
}
