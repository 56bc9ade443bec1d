package dev.plinto.polar.billing.routing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// In which hundredth of all organizations one is: always the same one, on every replica. A provider that is rolled out
/// to some percent sells to the buckets below that number.
public final class Bucket {

    private static final int BUCKETS = 100;

    /// 0 to 99, by the SHA-256 of the id.
    public static int of(String organization) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(organization.getBytes(StandardCharsets.UTF_8));
            return Integer.remainderUnsigned(ByteBuffer.wrap(hash).getInt(), BUCKETS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Bucket() {}
}
