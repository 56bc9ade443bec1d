package dev.plinto.polar.relay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The rows that a transaction published: their ids, and a fingerprint of their content. After the restore of an older
/// database, other rows get the same ids, and these are not published yet.
record PublishedRows(List<Long> ids, String fingerprint) {

    static final PublishedRows NONE = new PublishedRows(List.of(), "");

    private static final int FINGERPRINT_BYTES = 16;

    static PublishedRows of(List<OutboxRow> ascending) {
        return new PublishedRows(ascending.stream().map(OutboxRow::id).toList(), fingerprintOf(ascending));
    }

    static PublishedRows decode(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return NONE;
        }
        int hash = text.indexOf('#');
        return hash < 0
                ? new PublishedRows(PublishedIds.decode(text), "")
                : new PublishedRows(PublishedIds.decode(text.substring(0, hash)), text.substring(hash + 1));
    }

    String encode() {
        return PublishedIds.encode(ids) + "#" + fingerprint;
    }

    private static String fingerprintOf(List<OutboxRow> rows) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (OutboxRow row : rows) {
                digest.update(ByteBuffer.allocate(Long.BYTES).putLong(row.id()).flip());
                add(digest, row.topic());
                add(digest, row.key());
                new TreeMap<>(row.headers()).forEach((name, value) -> {
                    add(digest, name);
                    add(digest, value); // including the version, by which two messages of a key differ
                });
            }
            return HexFormat.of().formatHex(digest.digest(), 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException impossible) { // every Java platform has it
            throw new IllegalStateException(impossible);
        }
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }
}
