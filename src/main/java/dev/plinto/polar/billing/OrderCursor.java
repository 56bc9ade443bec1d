package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The place of an order in the list, after which the next page begins. Orders that come meanwhile are before it.
record OrderCursor(Instant createdAt, String orderId) {

    /// Before the newest order: PostgreSQL's times end later, but no order is of the year 9999.
    static final OrderCursor START = new OrderCursor(Instant.parse("9999-12-31T23:59:59Z"), "");

    /// Microseconds since 1970, and an id.
    private static final Pattern TEXT = Pattern.compile("(\\d{1,18}) ([^\\p{Cntrl}]{1,500})");

    /// Throws 400 `parameter-invalid` if the text is not [#text()] of a cursor.
    static OrderCursor of(@Nullable String cursor) {
        return cursor == null ? START : parse(cursor);
    }

    String text() {
        String place = ChronoUnit.MICROS.between(Instant.EPOCH, createdAt) + " " + orderId;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(StandardCharsets.UTF_8));
    }

    private static OrderCursor parse(String cursor) {
        try {
            String place = StandardCharsets.UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor))).toString();
            Matcher parts = TEXT.matcher(place);
            if (parts.matches()) {
                return new OrderCursor(Instant.EPOCH.plus(Long.parseLong(parts.group(1)), ChronoUnit.MICROS),
                        parts.group(2));
            }
        } catch (IllegalArgumentException | CharacterCodingException notACursor) {
            // refused below
        }
        throw Problem.cursorInvalid("cursor", "next_cursor");
    }
}
