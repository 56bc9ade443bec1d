package dev.plinto.polar.telemetry;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An id of a merchant's own, such as an account, as it may be logged, and shown to operators who did not ask by it. An
/// e-mail address is masked: some merchants make it the external id of a customer at Polar.
public final class MaskedAddress {

    public static final String MASKED = "(masked address)";

    private static final Pattern ADDRESS = Pattern.compile(".+(@|%40).+", Pattern.DOTALL);

    /// The id itself unless it looks like an address.
    public static String of(String id) {
        return ADDRESS.matcher(id).matches() ? MASKED : id;
    }

    /// The same; null for null.
    public static @Nullable String ofNullable(@Nullable String id) {
        return id == null ? null : of(id);
    }

    private MaskedAddress() {}
}
