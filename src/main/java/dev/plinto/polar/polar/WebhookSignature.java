package dev.plinto.polar.polar;

import dev.plinto.polar.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Verifies that a delivery comes from Polar: Standard Webhooks, HMAC-SHA256 over
/// `<webhook-id>.<webhook-timestamp>.<raw body>`.
///
/// Polar derives the key from the secret in two ways: a secret made since 2026-09-08 is base64 after `whsec_`
/// ([Scheme#STANDARD]), every other is used as written ([Scheme#LEGACY]). Neither the form nor the date of a secret
/// shows which way its endpoint uses, so each accepted secret is tried both ways.
public final class WebhookSignature {

    /// The standard's tolerance, in both directions. Polar signs each attempt anew, so late retries are not stale.
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE_LENGTH = 32;
    private static final Pattern WEBHOOK_ID = Pattern.compile("[\\x20-\\x7e]{1,256}");
    private static final Pattern UNIX_SECONDS = Pattern.compile("[0-9]{1,12}");

    private final List<Key> keys;

    /// How Polar derives the key from a secret.
    public enum Scheme {
        STANDARD, LEGACY;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param secrets all accepted secrets: several during a rotation
    public WebhookSignature(List<String> secrets) {
        keys = secrets.stream().flatMap(secret -> keysOf(secret).stream()).toList();
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("at least one webhook secret is needed");
        }
    }

    /// Why a delivery with these headers cannot be valid, whatever its body; empty if it can.
    public static Optional<Verdict> refusal(String webhookId, String timestamp, String signatures, Instant now) {
        if (!WEBHOOK_ID.matcher(webhookId).matches()) {
            return Optional.of(new Verdict.Malformed("webhook-id must be 1 to 256 printable ASCII characters"));
        }
        if (!UNIX_SECONDS.matcher(timestamp).matches()) {
            return Optional.of(new Verdict.Malformed("webhook-timestamp must be a whole number of Unix seconds"));
        }
        List<byte[]> candidates = signaturesOfVersion1(signatures);
        if (candidates.isEmpty()) {
            return Optional.of(new Verdict.Malformed("webhook-signature holds no entry of the form v1,<base64>"));
        }
        Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now);
        if (age.abs().compareTo(TOLERANCE) > 0) {
            return Optional.of(new Verdict.Stale(age));
        }
        return candidates.stream().noneMatch(candidate -> candidate.length == SIGNATURE_LENGTH)
                ? Optional.of(new Verdict.Bad())
                : Optional.empty();
    }

    public Verdict verify(String webhookId, String timestamp, String signatures, byte[] body, Instant now) {
        return refusal(webhookId, timestamp, signatures, now)
                .orElseGet(() -> compare(webhookId, timestamp, signaturesOfVersion1(signatures), body));
    }

    private Verdict compare(String webhookId, String timestamp, List<byte[]> candidates, byte[] body) {
        for (Key key : keys) {
            byte[] expected = key.sign(webhookId, timestamp, body);
            for (byte[] candidate : candidates) {
                if (MessageDigest.isEqual(expected, candidate)) { // constant time: a prefix must not be guessable
                    return new Verdict.Valid(webhookId, key.scheme.wireName());
                }
            }
        }
        return new Verdict.Bad();
    }

    /// The `webhook-signature` header that Polar would send with a secret made today.
    public static String sign(String secret, String webhookId, long unixSeconds, byte[] body) {
        Key key = standardKey(secret).orElseThrow(
                () -> new IllegalArgumentException("the secret is not base64 after " + PREFIX));
        return "v1," + Base64.getEncoder().encodeToString(key.sign(webhookId, Long.toString(unixSeconds), body));
    }

    private static List<byte[]> signaturesOfVersion1(String header) {
        List<byte[]> signatures = new ArrayList<>(1);
        for (String entry : header.split(" ")) {
            if (entry.startsWith("v1,")) {
                decode(entry.substring(3)).ifPresent(signatures::add);
            }
        }
        return signatures;
    }

    private static List<Key> keysOf(String secret) {
        List<Key> both = new ArrayList<>(2);
        standardKey(secret).ifPresent(both::add);
        both.add(new Key(Scheme.LEGACY, secret.getBytes(StandardCharsets.UTF_8)));
        return both;
    }

    private static Optional<Key> standardKey(String secret) {
        String encoded = secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret;
        return decode(encoded).map(bytes -> new Key(Scheme.STANDARD, bytes));
    }

    /// Empty if the text is empty or not base64.
    private static Optional<byte[]> decode(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return bytes.length == 0 ? Optional.empty() : Optional.of(bytes);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static final class Key {

        private final Scheme scheme;
        private final Mac prototype;

        Key(Scheme scheme, byte[] key) {
            this.scheme = scheme;
            try {
                prototype = Mac.getInstance(ALGORITHM);
                prototype.init(new SecretKeySpec(key, ALGORITHM));
            } catch (GeneralSecurityException impossible) { // every Java platform has HmacSHA256
                throw new IllegalStateException(impossible);
            }
        }

        byte[] sign(String webhookId, String timestamp, byte[] body) {
            Mac mac = copy();
            mac.update((webhookId + '.' + timestamp + '.').getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        }

        /// A Mac is stateful, and creating one for each delivery costs more than copying.
        private Mac copy() {
            try {
                return (Mac) prototype.clone();
            } catch (CloneNotSupportedException impossible) { // the JDK's own provider can
                throw new IllegalStateException(impossible);
            }
        }
    }
}
