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
import org.jspecify.annotations.Nullable;

/// An event that could not be applied, for operators.
///
/// @param type            null if the body is not an event
/// @param detail          what is wrong; names fields, never their values
/// @param bodyBytes       size of the body
/// @param bodyForgottenAt when the retention of the body ended, so that it cannot be replayed any more; else null
@JsonNaming(SnakeCaseStrategy.class)
public record ParkedEvent(String webhookId, @Nullable String type, String reason, String detail, int attempts,
        String firstFailedAt, String lastFailedAt, String receivedAt, String origin, int bodyBytes,
        @Nullable String bodyForgottenAt) {

    Cursor cursor() {
        return new Cursor(Instant.parse(receivedAt), webhookId);
    }

    /// @param next the cursor of the next page; null on the last one
    public record Page(List<ParkedEvent> items, @Nullable String next) {}

    /// @param bodySha256 for comparing the body with Polar's without showing it; null if it is no longer kept
    /// @param payload    masked; null if the body is not JSON or is no longer kept
    @JsonNaming(SnakeCaseStrategy.class)
    public record WithPayload(@JsonUnwrapped ParkedEvent event, @Nullable String bodySha256,
            @Nullable JsonNode payload) {

        static WithPayload of(ParkedEvent event, byte[] body) {
            return new WithPayload(event, event.bodyForgottenAt == null ? sha256(body) : null,
                    MaskedPayload.of(body).orElse(null));
        }

        /// Without the payload, which is masked for operators, not for logs.
        @Override
        public String toString() {
            return "WithPayload[event=" + event + "]";
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
