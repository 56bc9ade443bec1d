package dev.plinto.polar.ops;

import java.util.Objects;

/// Somebody who looks at the console.
///
/// @param csrf      what this browser's forms must carry
/// @param isSandbox whether the sandbox has signed them in by itself
record Visit(Actor actor, String csrf, boolean isSandbox) {

    Visit {
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(csrf, "csrf");
    }
}
