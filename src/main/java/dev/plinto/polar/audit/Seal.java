package dev.plinto.polar.audit;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an hour of the audit log was when it was over. Its SHA-256 covers the seal before (32 bytes, zeros for the
/// first one), the hour (8 bytes, seconds since 1970) and the digests, so that a change to an hour shows in all later
/// seals.
///
/// @param digests see [RowDigest#join]
record Seal(Instant hour, int rows, byte[] digests, byte[] sha256) {

    static final Duration HOUR = Duration.ofHours(1);

    /// @param before the seal of the hour before; null if this is the first
    static Seal of(@Nullable Seal before, Instant hour, List<RowDigest> rows) {
        byte[] digests = RowDigest.join(rows);
        return new Seal(hour, rows.size(), digests, chained(before, hour, digests));
    }

    static Instant hourOf(Instant moment) {
        return moment.truncatedTo(ChronoUnit.HOURS);
    }

    Instant end() {
        return hour.plus(HOUR);
    }

    /// Whether this is what was sealed after `before`.
    boolean follows(@Nullable Seal before) {
        return MessageDigest.isEqual(sha256, chained(before, hour, digests)) && rows == RowDigest.count(digests);
    }

    String hex() {
        return HexFormat.of().formatHex(sha256);
    }

    private static byte[] chained(@Nullable Seal before, Instant hour, byte[] digests) {
        MessageDigest digest = Sha256.digest();
        digest.update(before == null ? new byte[Sha256.BYTES] : before.sha256);
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(hour.getEpochSecond()).array());
        return digest.digest(digests);
    }
}
