package dev.plinto.polar.conekta;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads a time as Conekta writes it: whole seconds since 1970.
final class EpochSeconds {

    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,12}");
    private static final long LAST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    /// Empty if the text is not a time from 1970 to 9999.
    static Optional<Instant> parse(String text) {
        return WHOLE.matcher(text).matches() && Long.parseLong(text) <= LAST
                ? Optional.of(Instant.ofEpochSecond(Long.parseLong(text)))
                : Optional.empty();
    }

    private EpochSeconds() {}
}
