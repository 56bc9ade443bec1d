package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.Rfc3339;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;

/// A position in a list of events, oldest first. It stays valid when events before it are removed.
record Cursor(Instant receivedAt, String webhookId) {

    static final Cursor BEFORE_ALL = new Cursor(Instant.EPOCH, "");
    private static final int TIME_LENGTH = Rfc3339.format(Instant.EPOCH).length();

    /// Opaque text, for the field `next` of a page.
    String encode() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(
                (Rfc3339.format(receivedAt) + webhookId).getBytes(StandardCharsets.UTF_8));
    }

    /// Throws 400 `parameter-invalid` if the text is not a cursor of this service.
    static Cursor decode(String cursor) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            String webhookId = text.substring(TIME_LENGTH);
            if (ParkedSelection.isName(webhookId)) {
                return new Cursor(Instant.parse(text.substring(0, TIME_LENGTH)), webhookId);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException invalid) {
            // thrown below
        }
        throw Problem.cursorInvalid();
    }
}
