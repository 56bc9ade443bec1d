package dev.plinto.polar.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.sqlclient.Row;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fingerprint of a row of the audit log: the SHA-256 of its columns as a JSON array of texts and nulls, in the
/// order of [#COLUMNS], without white space, in UTF-8. Times are microseconds since 1970, bytes are hex digits.
record RowDigest(long id, byte[] sha256) {

    /// Never reordered: seals would no longer verify. A column that is added later is added to the array of the rows
    /// where it is not null.
    static final String COLUMNS = "id, at, begun, actor_kind, actor, actor_sha256, way, request_id, organization, "
            + "action, target, changed_from, changed_to, reason_sha256, result";

    private static final int BYTES = Long.BYTES + Sha256.BYTES;
    private static final ObjectMapper JSON = new ObjectMapper();

    static RowDigest of(Row row) {
        List<@Nullable String> columns = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            columns.add(text(row.getValue(i)));
        }
        try {
            return new RowDigest(row.getLong(0), Sha256.digest().digest(JSON.writeValueAsBytes(columns)));
        } catch (JsonProcessingException unwritable) {
            throw new IllegalStateException(unwritable);
        }
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case OffsetDateTime time -> Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant()));
            case io.vertx.core.buffer.Buffer bytes -> HexFormat.of().formatHex(bytes.getBytes());
            default -> value.toString();
        };
    }

    boolean isSame(RowDigest other) {
        return id == other.id && MessageDigest.isEqual(sha256, other.sha256);
    }

    /// The digests of an hour, as a seal keeps them.
    static byte[] join(List<RowDigest> digests) {
        ByteBuffer joined = ByteBuffer.allocate(digests.size() * BYTES);
        digests.forEach(digest -> joined.putLong(digest.id).put(digest.sha256));
        return joined.array();
    }

    static int count(byte[] joined) {
        return joined.length / BYTES;
    }

    static List<RowDigest> split(byte[] joined) {
        ByteBuffer rest = ByteBuffer.wrap(joined);
        List<RowDigest> digests = new ArrayList<>(count(joined));
        while (rest.remaining() >= BYTES) {
            long id = rest.getLong();
            byte[] sha256 = new byte[Sha256.BYTES];
            rest.get(sha256);
            digests.add(new RowDigest(id, sha256));
        }
        return digests;
    }
}
