package dev.plinto.polar.conekta;

import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.Verdict;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Verifies that a delivery comes from Conekta: its header `DIGEST` is the signature of the raw body in base64, by RSA
/// with SHA-256 (PKCS #1 v1.5), with or without `sha-256=` before it. Conekta keeps the private key.
///
/// No time is signed, so that a delivery never becomes stale. What is sent again is known by the id in its body.
final class DigestSignature {

    static final String SCHEME = "digest";

    private static final String ALGORITHM = "SHA256withRSA";
    private static final String PREFIX = "sha-256=";

    private final List<RSAPublicKey> keys;

    /// @param keys all accepted keys: several during a rotation; without any, no delivery is valid
    DigestSignature(List<RSAPublicKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /// Why a delivery with these values of the header cannot be valid, whatever its body; empty if it can.
    Optional<Verdict> refusal(List<String> sent) {
        if (sent.size() != 1) { // of two, a proxy and this service might trust different ones
            return Optional.of(new Verdict.Malformed(
                    HeaderNames.DIGEST + (sent.isEmpty() ? " is missing" : " was sent more than once")));
        }
        Optional<byte[]> signature = decode(sent.getFirst());
        if (signature.isEmpty()) {
            return Optional.of(new Verdict.Malformed(
                    HeaderNames.DIGEST + " must be base64, with or without " + PREFIX + " before it"));
        }
        return keys.stream().noneMatch(key -> hasLengthOf(key, signature.get()))
                ? Optional.of(new Verdict.Bad())
                : Optional.empty();
    }

    /// @param eventId tells that of the body; it is not read before the signature fits
    Verdict verify(List<String> sent, byte[] body, Supplier<String> eventId) {
        return refusal(sent).orElseGet(() -> {
            byte[] signature = decode(sent.getFirst()).orElseThrow();
            return keys.stream().anyMatch(key -> hasLengthOf(key, signature) && isSigned(key, body, signature))
                    ? new Verdict.Valid(eventId.get(), SCHEME)
                    : new Verdict.Bad();
        });
    }

    private static boolean hasLengthOf(RSAPublicKey key, byte[] signature) {
        return signature.length == (key.getModulus().bitLength() + Byte.SIZE - 1) / Byte.SIZE;
    }

    private static boolean isSigned(RSAPublicKey key, byte[] body, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(body);
            return verifier.verify(signature);
        } catch (SignatureException malformed) {
            return false;
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) { // every Java has it, and the key is RSA
            throw new IllegalStateException(impossible);
        }
    }

    /// Empty if the text is not base64, or nothing.
    private static Optional<byte[]> decode(String header) {
        String base64 = header.regionMatches(true, 0, PREFIX, 0, PREFIX.length())
                ? header.substring(PREFIX.length())
                : header;
        try {
            return Optional.of(Base64.getDecoder().decode(base64)).filter(bytes -> bytes.length > 0);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
