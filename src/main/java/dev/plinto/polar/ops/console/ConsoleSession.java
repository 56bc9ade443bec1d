package dev.plinto.polar.ops.console;

import dev.plinto.polar.audit.Actor;
import java.util.Objects;

/// Somebody who looks at the console.
///
/// @param csrf      what this browser's forms must carry
/// @param isSandbox whether the sandbox has signed them in by itself
record ConsoleSession(Actor actor, String csrf, boolean isSandbox) {

    ConsoleSession {
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(csrf, "csrf");
    }
}
