package dev.plinto.polar;

import org.jspecify.annotations.Nullable;

/// What must be known of a provider's event before it is interpreted.
///
/// @param timestamp when the provider emitted it, in RFC 3339; null if it does not say, or not so
/// @param subject   whose order it must keep: the id of the customer concerned, else of the object; null if the event
///                  has neither
public record Envelope(String type, @Nullable String timestamp, @Nullable String subject) {

    private static final int LONGEST_NAME = 256;

    /// Whether the text can be a record's key or header, and be stored: printable ASCII, not too long.
    public static boolean isName(@Nullable String text) {
        return text != null && !text.isEmpty() && text.length() <= LONGEST_NAME
                && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }
}
