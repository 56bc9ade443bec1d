package dev.plinto.polar.ops.console;

import dev.plinto.polar.audit.Actor;
import java.util.Objects;

/// A signed-in operator of the console.
///
/// @param csrf      what this session's forms must carry: see [FormTokens]
/// @param isSandbox whether the sandbox signed the operator in automatically
record ConsoleSession(Actor actor, String csrf, boolean isSandbox) {

    ConsoleSession {
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(csrf, "csrf");
    }

    /// Without the form token, which is a secret.
    @Override
    public String toString() {
        return "ConsoleSession[actor=" + actor + "]";
    }
}
