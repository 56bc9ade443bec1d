package dev.plinto.polar;

import org.jspecify.annotations.Nullable;

/// A query parameter that is true or false.
public final class Flag {

    /// Whether the value is `true`; null is false. Strict, so that a misspelt value cannot start something else than
    /// intended. Throws 400 `parameter-invalid` for any other value.
    ///
    /// @param advice what was not done, and what to send
    public static boolean isTrue(String parameter, @Nullable String value, String advice) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            case null -> false;
            default ->
                throw new Problem("parameter-invalid", 400, parameter + " is neither true nor false", advice)
                        .exception();
        };
    }

    private Flag() {}
}
