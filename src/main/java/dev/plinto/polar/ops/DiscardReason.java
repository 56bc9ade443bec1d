package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.Problem;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Why an operator discards events, in their own words; the audit log keeps it.
public record DiscardReason(String text) {

    private static final int LONGEST = 500;
    private static final int REPLACEMENT = 0xFFFD;
    private static final String ADVICE = "Nothing was discarded. Give a reason with 1 to " + LONGEST
            + " characters and no control characters, by program as {\"reason\": \"…\"}; the audit log keeps it.";

    /// Throws 400 `parameter-missing` if nothing of the text can be seen, `parameter-invalid` if it is too long or has
    /// control characters. Half of a character becomes U+FFFD, as wherever text is made of what is none.
    public DiscardReason {
        text = text.strip().codePoints().map(point -> isHalf(point) ? REPLACEMENT : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        if (text.codePoints().allMatch(DiscardReason::isInvisible)) {
            throw new Problem("parameter-missing", 400, "No reason is given", ADVICE).exception();
        }
        if (text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            throw new Problem("parameter-invalid", 400, "The reason is not valid", ADVICE).exception();
        }
    }

    private static boolean isHalf(int point) {
        return Character.getType(point) == Character.SURROGATE;
    }

    private static boolean isInvisible(int point) {
        return Character.isWhitespace(point) || Character.isSpaceChar(point)
                || Character.getType(point) == Character.FORMAT; // such as a space of no width
    }

    /// From a body such as `{"reason": "sent by a test"}`. Throws 400 `parameter-missing` if it is anything else.
    static DiscardReason ofJson(@Nullable String body) {
        try {
            JsonNode json = ExactJson.read(Objects.requireNonNullElse(body, ""));
            return new DiscardReason(json.size() == 1 ? json.path("reason").asText("") : "");
        } catch (IOException notJson) {
            return new DiscardReason("");
        }
    }
}
