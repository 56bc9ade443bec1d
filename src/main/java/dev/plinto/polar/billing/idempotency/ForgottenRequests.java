package dev.plinto.polar.billing.idempotency;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Requests that were forgotten, each of them once: no sending can repeat them any more. For observers.
///
/// @param begun those of which an attempt may have called a provider
public record ForgottenRequests(List<Begun> begun) {

    public ForgottenRequests {
        begun = List.copyOf(begun);
    }

    /// @param call   method and path
    /// @param begun  what the last attempt recorded before it called a provider
    /// @param answer that was given; null if there was none
    public record Begun(String call, String begun, @Nullable Answer answer) {}
}
