package dev.plinto.polar.ops.console;

import dev.plinto.polar.audit.Actor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A signed-in operator of the console.
///
/// @param csrf      what this session's forms must carry: see [FormTokens]
/// @param personSignIn where a person signs in, if the sandbox signed this one in automatically
record ConsoleSession(Actor actor, String csrf, @Nullable String personSignIn) {

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
