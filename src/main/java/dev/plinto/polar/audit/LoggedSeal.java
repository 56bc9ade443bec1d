package dev.plinto.polar.audit;

import dev.plinto.polar.Problem;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/// A seal as a line of the service's log tells it: what the database says of its hour can be compared with it.
///
/// @param hour   its begin
/// @param sha256 in hex
public record LoggedSeal(Instant hour, String sha256) {

    /// Throws 400 `parameter-invalid` if no seal can be so.
    public LoggedSeal {
        if (!hour.equals(Seal.hourOf(hour))) {
            throw new Problem("parameter-invalid", 400, "The query parameter hour is not the begin of an hour",
                    "Send what the line of the service's log has after \"hour\", such as 2026-11-29T10:00:00Z.")
                    .exception();
        }
        sha256 = sha256.toLowerCase(Locale.ROOT);
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new Problem("parameter-invalid", 400, "The query parameter seal is not a SHA-256",
                    "Send the 64 hex digits that the line of the service's log has after \"SHA-256\".").exception();
        }
    }

    boolean isThatOf(byte[] stored) {
        return Arrays.equals(stored, HexFormat.of().parseHex(sha256));
    }
}
