package dev.plinto.polar.billing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// All public products as JSON.
///
/// @param tag the strong `ETag` of the JSON: two lists have the same only if they are the same, on whichever replica
record ProductList(String json, String tag) {

    private static final int TAG_BYTES = 16;

    static ProductList of(String json) {
        return new ProductList(json, "\"" + digest(json) + "\"");
    }

    /// Whether a client has the list already.
    ///
    /// @param known the values of its `If-None-Match` (RFC 9110, 13.1.2): a list of tags, or `*`
    boolean isAmong(List<String> known) {
        return known.stream().flatMap(header -> Stream.of(header.split(","))).map(String::strip)
                .anyMatch(one -> one.equals("*") || one.equals(tag) || one.equals("W/" + tag));
    }

    @Override
    public String toString() {
        return "ProductList[tag=" + tag + "]";
    }

    private static String digest(String json) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, TAG_BYTES);
        } catch (NoSuchAlgorithmException impossible) { // every Java platform has it
            throw new IllegalStateException(impossible);
        }
    }
}
