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
    private static final String ADVICE = "Nothing was discarded. Give a reason with 1 to " + LONGEST
            + " characters and no control characters, by program as {\"reason\": \"…\"}; the audit log keeps it.";

    /// Throws 400 `parameter-missing` if the text is blank, `parameter-invalid` if it is too long or has control
    /// characters.
    public DiscardReason {
        text = text.strip();
        if (text.isEmpty()) {
            throw new Problem("parameter-missing", 400, "No reason is given", ADVICE).exception();
        }
        if (text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            throw new Problem("parameter-invalid", 400, "The reason is not valid", ADVICE).exception();
        }
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
