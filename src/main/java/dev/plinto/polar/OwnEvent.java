package dev.plinto.polar;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/// What all events have in common that this service makes itself of a provider's objects.
public final class OwnEvent {

    /// The `ce_type` of an object that was read at its provider.
    public static final String SNAPSHOT = "dev.plinto.polar.snapshot.v1";

    private static final UUID NAMESPACE = UUID.fromString("5ce9dbd1-5b5a-4a3b-8f0e-7f6f2f1f9b52");

    /// A UUID of version 5 (RFC 9562) of the body, so that the same object, moment and content are one event.
    public static String idOf(byte[] body) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(ByteBuffer.allocate(16).putLong(NAMESPACE.getMostSignificantBits())
                    .putLong(NAMESPACE.getLeastSignificantBits()).array());
            ByteBuffer hash = ByteBuffer.wrap(sha1.digest(body));
            long most = hash.getLong() & 0xffff_ffff_ffff_0fffL | 0x5000L;
            long least = hash.getLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
            return new UUID(most, least).toString();
        } catch (NoSuchAlgorithmException impossible) { // every Java platform has SHA-1
            throw new IllegalStateException(impossible);
        }
    }

    private OwnEvent() {}
}
