package dev.plinto.polar.ops;

import dev.plinto.polar.Rfc3339;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/// How far somebody has got in a list of events, oldest first. It stays right when events before it go.
record Place(Instant receivedAt, String webhookId) {

    static final Place BEFORE_ALL = new Place(Instant.EPOCH, "");

    private static final int TIME_LENGTH = Rfc3339.format(Instant.EPOCH).length();

    /// For whoever reads on; what it is made of is nobody else's business.
    String cursor() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(
                (Rfc3339.format(receivedAt) + webhookId).getBytes(StandardCharsets.UTF_8));
    }

    /// Empty where the text is no cursor of ours.
    static Optional<Place> of(String cursor) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            String webhookId = text.substring(TIME_LENGTH);
            return Selection.isName(webhookId)
                    ? Optional.of(new Place(Instant.parse(text.substring(0, TIME_LENGTH)), webhookId))
                    : Optional.empty();
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException notOurs) {
            return Optional.empty();
        }
    }
}
