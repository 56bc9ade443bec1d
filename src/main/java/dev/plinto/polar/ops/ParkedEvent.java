package dev.plinto.polar.ops;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.polar.MaskedPayload;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/// An event that could not be applied, as operators see it.
///
/// @param type      null where the body is no event
/// @param detail    names fields, never their values
/// @param bodyBytes how large the body is
@JsonNaming(SnakeCaseStrategy.class)
public record ParkedEvent(String webhookId, String type, String reason, String detail, int attempts,
        String firstFailedAt,
        String lastFailedAt, String receivedAt, String origin, int bodyBytes) {

    Cursor cursor() {
        return new Cursor(Instant.parse(receivedAt), webhookId);
    }

    /// @param next where to read on; null where nothing follows
    public record Page(List<ParkedEvent> items, String next) {}

    /// @param bodySha256 to compare it with what Polar shows, without seeing it
    /// @param payload    masked; null where the body is no JSON
    @JsonNaming(SnakeCaseStrategy.class)
    public record WithPayload(@JsonUnwrapped ParkedEvent event, String bodySha256, JsonNode payload) {

        static WithPayload of(ParkedEvent event, byte[] body) {
            return new WithPayload(event, sha256(body), MaskedPayload.of(body).orElse(null));
        }

        private static String sha256(byte[] body) {
            try {
                return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
            } catch (NoSuchAlgorithmException impossible) { // every Java platform has it
                throw new IllegalStateException(impossible);
            }
        }
    }
}
