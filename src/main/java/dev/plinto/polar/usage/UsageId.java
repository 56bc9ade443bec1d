package dev.plinto.polar.usage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/// The id of a metered event, which is its `external_id` at Polar too: a UUID of version 5 (RFC 9562) of organization
/// and key. Polar knows one event of each `external_id` for the whole merchant, so the same key of two organizations
/// must have two ids.
record UsageId(UUID value) {

    /// Never changed: the events of before would be taken, and billed, again.
    private static final UUID NAMESPACE = UUID.fromString("7d1c3f62-0a51-4c0e-9c55-2f6a4b8de901");

    /// The organization has its length before it: a longer one with a shorter key makes another id.
    static UsageId of(String organization, String key) {
        byte[] of = organization.getBytes(StandardCharsets.UTF_8);
        MessageDigest sha1 = sha1();
        sha1.update(ByteBuffer.allocate(16).putLong(NAMESPACE.getMostSignificantBits())
                .putLong(NAMESPACE.getLeastSignificantBits()).array());
        sha1.update((of.length + ":").getBytes(StandardCharsets.US_ASCII));
        sha1.update(of);
        ByteBuffer hash = ByteBuffer.wrap(sha1.digest(key.getBytes(StandardCharsets.UTF_8)));
        long most = hash.getLong() & 0xffff_ffff_ffff_0fffL | 0x5000L;
        long least = hash.getLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return new UsageId(new UUID(most, least));
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException impossible) { // every Java platform has it
            throw new IllegalStateException(impossible);
        }
    }
}
