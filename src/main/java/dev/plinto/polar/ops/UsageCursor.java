package dev.plinto.polar.ops;

import dev.plinto.polar.IdParameter;
import dev.plinto.polar.Problem;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.usage.ParkedUsage.Position;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/// A place in the list of parked usage as opaque text, for the field `next` of a page.
final class UsageCursor {

    private static final String SEPARATOR = " ";

    static String encode(Position place) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(
                String.join(SEPARATOR, Rfc3339.format(place.dueAt()), place.id().toString(), place.organization())
                        .getBytes(StandardCharsets.UTF_8));
    }

    /// Throws 400 `parameter-invalid` if the text is not a cursor of this service.
    static Position decode(String cursor) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8)
                    .split(SEPARATOR, 3);
            if (parts.length == 3 && IdParameter.isId(parts[2])) {
                return new Position(parts[2], Instant.parse(parts[0]), UUID.fromString(parts[1]));
            }
        } catch (IllegalArgumentException | DateTimeException invalid) {
            // thrown below
        }
        throw Problem.cursorInvalid();
    }

    private UsageCursor() {}
}
