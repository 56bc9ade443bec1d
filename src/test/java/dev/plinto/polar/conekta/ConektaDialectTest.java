package dev.plinto.polar.conekta;

import static dev.plinto.polar.conekta.SignedByOpenssl.BODY;
import static dev.plinto.polar.conekta.SignedByOpenssl.EVENT_ID;
import static dev.plinto.polar.conekta.SignedByOpenssl.KEY;
import static dev.plinto.polar.conekta.SignedByOpenssl.SIGNATURE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Verdict;
import dev.plinto.polar.WebhookDialect.Headers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConektaDialectTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_795_500_000);
    private static final KeyPair OTHER = keyPair(2048);
    private static final ConektaDialect DIALECT = new ConektaDialect(true, Optional.of(KEY));

    private static final Verdict VALID = new Verdict.Valid(EVENT_ID, "digest");

    @Test
    void delivery_isValidByItsOwnId() {
        assertThat(verify(DIALECT, BODY, SIGNATURE)).isEqualTo(VALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha-256=", "SHA-256=", "Sha-256="})
    void prefixOfTheHeader_isAcceptedInAnyCase(String prefix) {
        assertThat(verify(DIALECT, BODY, prefix + SIGNATURE)).isEqualTo(VALID);
    }

    @Test
    void anyAcceptedKey_isEnough() {
        for (String keys : List.of(KEY + "," + pem(OTHER.getPublic()), pem(OTHER.getPublic()) + " , " + KEY)) {
            ConektaDialect rotating = new ConektaDialect(true, Optional.of(keys));

            assertThat(verify(rotating, BODY, SIGNATURE)).isEqualTo(VALID);
            assertThat(verify(rotating, BODY, sign(BODY, OTHER.getPrivate(), "SHA256withRSA"))).isEqualTo(VALID);
        }
    }

    @Test
    void keyOfAnotherLength_verifiesItsOwnSignatures() {
        KeyPair longer = keyPair(3072);
        ConektaDialect dialect = new ConektaDialect(true, Optional.of(KEY + "," + pem(longer.getPublic())));

        assertThat(verify(dialect, BODY, sign(BODY, longer.getPrivate(), "SHA256withRSA"))).isEqualTo(VALID);
        assertThat(verify(dialect, BODY, SIGNATURE)).isEqualTo(VALID);
    }

    /// No time is signed: Conekta repeats a delivery for a day, byte for byte.
    @Test
    void delivery_neverBecomesStale() {
        assertThat(DIALECT.verify(headers(SIGNATURE), BODY, NOW.plusSeconds(1_000_000_000))).isEqualTo(VALID);
    }

    static Stream<Arguments> manipulations() {
        byte[] changed = BODY.clone();
        changed[BODY.length / 2] ^= 1;
        byte[] signature = Base64.getDecoder().decode(SIGNATURE);
        byte[] cut = Arrays.copyOf(signature, signature.length - 1);
        byte[] longer = Arrays.copyOf(signature, signature.length + 1);
        byte[] flipped = signature.clone();
        flipped[0] ^= 1;
        String written = new String(BODY, StandardCharsets.UTF_8);
        return Stream.of(
                Arguments.of("a bit of the body", changed, SIGNATURE),
                Arguments.of("an empty body", new byte[0], SIGNATURE),
                Arguments.of("the body, written again", utf8(written.replace(":", ": ")), SIGNATURE),
                Arguments.of("the body, escaped", utf8(written.replace("Ñ", "\\u00d1")), SIGNATURE),
                Arguments.of("a line break after the body", utf8(written + "\n"), SIGNATURE),
                Arguments.of("another key", BODY, sign(BODY, OTHER.getPrivate(), "SHA256withRSA")),
                Arguments.of("a byte less", BODY, base64(cut)),
                Arguments.of("a byte more", BODY, base64(longer)),
                Arguments.of("a bit of the signature", BODY, base64(flipped)),
                Arguments.of("zeros", BODY, base64(new byte[256])),
                Arguments.of("a modulus-sized number too large", BODY, base64(filled(256, (byte) -1))),
                Arguments.of("SHA-1", BODY, SignedByOpenssl.WITH_SHA_1),
                Arguments.of("RSASSA-PSS", BODY, SignedByOpenssl.WITH_PSS),
                Arguments.of("the digest alone", BODY, base64(sha256(BODY))),
                Arguments.of("HMAC with the public key", BODY, base64(hmac(utf8(KEY), BODY))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manipulations")
    void manipulatedDelivery_isRefused(String what, byte[] body, String header) {
        assertThat(verify(DIALECT, body, header)).isEqualTo(new Verdict.Bad());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "sha-256=", "%%%", "sha-512=" + SIGNATURE, "sha256=" + SIGNATURE,
            "sha-256=sha-256=" + SIGNATURE, "sha-256= " + SIGNATURE, "v1," + SIGNATURE, SIGNATURE + "="})
    void headerThatIsNoBase64_isMalformed(String header) {
        assertThat(refusal(header)).containsInstanceOf(Verdict.Malformed.class);
        assertThat(verify(DIALECT, BODY, header)).isInstanceOf(Verdict.Malformed.class);
    }

    @Test
    void missingOrDoubledHeader_isMalformed() {
        assertThat(refusal()).contains(new Verdict.Malformed("digest is missing"));
        assertThat(refusal(SIGNATURE, SIGNATURE)).contains(new Verdict.Malformed("digest was sent more than once"));
        assertThat(verify(DIALECT, BODY, SIGNATURE, SIGNATURE)).isInstanceOf(Verdict.Malformed.class);
        assertThat(verify(DIALECT, BODY, SIGNATURE + "," + SIGNATURE)).isInstanceOf(Verdict.Malformed.class);
    }

    /// Before its body is read.
    @Test
    void signatureOfNoKeysLength_isRefusedByTheHeaderAlone() {
        assertThat(refusal(base64(new byte[32]))).contains(new Verdict.Bad());
        assertThat(refusal(base64(new byte[256]))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void withoutAKey_everyDeliveryIsRefused(String keys) {
        ConektaDialect dialect = new ConektaDialect(true, Optional.of(keys));

        assertThat(dialect.refusal(headers(SIGNATURE), NOW)).contains(new Verdict.Bad());
        assertThat(verify(dialect, BODY, SIGNATURE)).isEqualTo(new Verdict.Bad());
        assertThat(dialect.whatToCheck()).startsWith("CONEKTA_WEBHOOK_KEYS is not set");
        assertThat(DIALECT.whatToCheck()).doesNotContain("is not set");
    }

    /// So that a repetition of it is the same event.
    @ParameterizedTest
    @ValueSource(strings = {"no event", "{\"type\":\"order.paid\"}", "{\"type\":\"order.paid\",\"id\":\"a b\"}",
            "{\"type\":\"order.paid\",\"id\":7}", "{\"id\":\"one\",\"type\":\"order.paid\",\"id\":\"two\"}", ""})
    void bodyWithoutAnId_isKnownByItsBytes(String text) {
        byte[] body = utf8(text);
        ConektaDialect dialect = new ConektaDialect(true, Optional.of(pem(OTHER.getPublic())));
        String signature = sign(body, OTHER.getPrivate(), "SHA256withRSA");

        assertThat(verify(dialect, body, signature))
                .isEqualTo(new Verdict.Valid("sha256-" + HexFormat.of().formatHex(sha256(body)), "digest"));
    }

    /// What is stored has a prefix, and must be a name too.
    @Test
    void idThatIsTooLongWithItsPrefix_isKnownByItsBytes() {
        assertThat(idOf("x".repeat(248))).isEqualTo("x".repeat(248));
        assertThat(idOf("x".repeat(249))).startsWith("sha256-");
    }

    private static String idOf(String id) {
        byte[] body = utf8("{\"type\":\"order.paid\",\"id\":\"" + id + "\"}");
        ConektaDialect dialect = new ConektaDialect(true, Optional.of(pem(OTHER.getPublic())));
        return verify(dialect, body, sign(body, OTHER.getPrivate(), "SHA256withRSA")) instanceof Verdict.Valid valid
                ? valid.eventId()
                : "not valid";
    }

    @Test
    void everyKnownType_hasItsLabel() {
        assertThat(DIALECT.typeLabels()).hasSize(ConektaType.values().length)
                .containsEntry("webhook_ping", "conekta.webhook_ping")
                .containsEntry("order.paid", "conekta.order.paid");
    }

    @Test
    void names_areThoseOfTheContract() {
        assertThat(List.of(DIALECT.provider(), DIALECT.topic(), DIALECT.source(), DIALECT.typePrefix(),
                DIALECT.idPrefix(), DIALECT.signatureHeader())).containsExactly("conekta", "conekta.webhook.received",
                        "https://conekta.com", "com.conekta.", "conekta:", "digest");
        assertThat(DIALECT.schemes()).containsExactly("digest");
    }

    private static Verdict verify(ConektaDialect dialect, byte[] body, String... digests) {
        return dialect.verify(headers(digests), body, NOW);
    }

    private static Optional<Verdict> refusal(String... digests) {
        return DIALECT.refusal(headers(digests), NOW);
    }

    private static Headers headers(String... digests) {
        return name -> name.equals("digest") ? List.of(digests) : List.of();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] filled(int length, byte value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, value);
        return bytes;
    }

    private static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n" + base64(key.getEncoded()) + "\n-----END PUBLIC KEY-----";
    }

    private static KeyPair keyPair(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String sign(byte[] body, PrivateKey key, String algorithm) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(body);
            return base64(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static byte[] hmac(byte[] key, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(body);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
