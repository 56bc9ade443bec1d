package dev.plinto.polar.testing;

import java.nio.ByteBuffer;
import java.util.Set;

/// Finds, in the bytes that a Kafka client sends on one connection, the requests that make something durable for a
/// transaction. Each request begins with the length of its rest and with the number of its kind.
final class DurableRequests {

    private static final short PRODUCE = 0;
    private static final short ADD_PARTITIONS_TO_TXN = 24;
    private static final short ADD_OFFSETS_TO_TXN = 25;
    private static final short END_TXN = 26;
    private static final short TXN_OFFSET_COMMIT = 28;
    private static final Set<Short> KINDS = Set.of(PRODUCE, ADD_PARTITIONS_TO_TXN, ADD_OFFSETS_TO_TXN, END_TXN,
            TXN_OFFSET_COMMIT);

    private final ByteBuffer head = ByteBuffer.allocate(Integer.BYTES + Short.BYTES);
    private int rest;

    /// How many of them begin in the next bytes.
    int in(byte[] chunk, int length) {
        int found = 0;
        for (int at = 0; at < length; at++) {
            if (rest > 0) {
                rest--;
            } else if (!head.put(chunk[at]).hasRemaining()) {
                rest = head.getInt(0) - Short.BYTES;
                found += KINDS.contains(head.getShort(Integer.BYTES)) ? 1 : 0;
                head.clear();
            }
        }
        return found;
    }
}
