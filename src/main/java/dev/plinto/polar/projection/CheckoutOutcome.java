package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Checkout;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How a checkout ended that an application of ours asked for. Those that somebody made at Polar do not count.
enum CheckoutOutcome {
    SUCCEEDED, FAILED, EXPIRED;

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Present only in the one transaction that changes the status, however often and wherever it is told.
    ///
    /// @param before as it was stored, locked
    static Optional<CheckoutOutcome> of(Checkout before, Checkout after) {
        String status = after.facts().get(Checkout.STATUS);
        return after.facts().find(Checkout.REQUEST_ID).isEmpty()
                || Objects.equals(before.facts().get(Checkout.STATUS), status) ? Optional.empty() : of(status);
    }

    private static Optional<CheckoutOutcome> of(@Nullable String status) {
        return Stream.of(values()).filter(outcome -> outcome.wireName().equals(status)).findFirst();
    }
}
