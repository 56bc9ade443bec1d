package dev.plinto.polar;

import org.jspecify.annotations.Nullable;

/// The most items that a page of a list has.
public final class Limit {

    private static final int DEFAULT = 50;
    private static final int HIGHEST = 500;

    /// Null means the default. Throws 400 `parameter-invalid` if the value is not a number from 1 to 500.
    public static int of(@Nullable String limit) {
        try {
            int items = limit == null ? DEFAULT : Integer.parseInt(limit);
            if (items >= 1 && items <= HIGHEST) {
                return items;
            }
        } catch (NumberFormatException invalid) {
            // thrown below
        }
        throw new Problem("parameter-invalid", 400, "The query parameter limit is not valid",
                "The limit is a whole number from 1 to " + HIGHEST + ".").exception();
    }

    private Limit() {}
}
