package dev.plinto.polar.conekta;

import dev.plinto.polar.Envelope;
import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.Topics;
import dev.plinto.polar.Verdict;
import dev.plinto.polar.WebhookDialect;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Conekta's webhooks: signed by RSA, with the event's id in the body.
@ApplicationScoped
public class ConektaDialect implements WebhookDialect {

    public static final String ID_PREFIX = "conekta:";
    /// What a body tells of its own deliveries: a retry has another value.
    public static final Set<String> DELIVERY_FIELDS = Set.of("webhook_logs", "webhook_status");

    /// Whether what is stored under this id is Conekta's.
    public static boolean isOwn(String storedId) {
        return storedId.startsWith(ID_PREFIX);
    }

    /// As Conekta knows what is stored under this id, which is its own.
    public static String ownId(String storedId) {
        if (!isOwn(storedId)) {
            throw new IllegalArgumentException("not an id of Conekta's: " + storedId);
        }
        return storedId.substring(ID_PREFIX.length());
    }

    private static final Map<String, String> TYPES = Arrays.stream(ConektaType.values())
            .collect(Collectors.toUnmodifiableMap(ConektaType::wireName, type -> "conekta." + type.wireName()));

    private final boolean isOn;
    private final boolean isVerifiable;
    private final DigestSignature signature;

    @Inject
    ConektaDialect(ConektaConfig config) {
        this(config.isOn(), config.webhookKeys());
    }

    /// @param webhookKeys as in `CONEKTA_WEBHOOK_KEYS`; without any, every delivery is refused
    public ConektaDialect(boolean isOn, Optional<String> webhookKeys) {
        this.isOn = isOn;
        var keys = ConektaSettings.webhookKeys(webhookKeys);
        isVerifiable = !keys.isEmpty();
        signature = new DigestSignature(keys);
    }

    @Override
    public String provider() {
        return "conekta";
    }

    @Override
    public boolean isOn() {
        return isOn;
    }

    @Override
    public String switchedOnBy() {
        return ConektaSettings.PRIVATE_KEY;
    }

    @Override
    public String topic() {
        return Topics.CONEKTA_RECEIVED;
    }

    @Override
    public String source() {
        return "https://conekta.com";
    }

    @Override
    public String typePrefix() {
        return "com.conekta.";
    }

    @Override
    public String idPrefix() {
        return ID_PREFIX;
    }

    @Override
    public String signatureHeader() {
        return HeaderNames.DIGEST;
    }

    @Override
    public Map<String, String> typeLabels() {
        return TYPES;
    }

    @Override
    public Set<String> schemes() {
        return Set.of(DigestSignature.SCHEME);
    }

    @Override
    public Optional<Envelope> envelope(byte[] body) {
        return ConektaEnvelope.scan(body).map(ConektaEnvelope::envelope);
    }

    @Override
    public Optional<Verdict> refusal(Headers headers, Instant now) {
        return signature.refusal(headers.all(HeaderNames.DIGEST));
    }

    @Override
    public Verdict verify(Headers headers, byte[] body, Instant now) {
        return signature.verify(headers.all(HeaderNames.DIGEST), body, () -> eventId(body));
    }

    /// A body without an id that can be stored is known by its bytes, so that it is one event however often it comes.
    private static String eventId(byte[] body) {
        return ConektaEnvelope.scan(body).flatMap(found -> Optional.ofNullable(found.eventId()))
                .orElseGet(() -> "sha256-" + HexFormat.of().formatHex(sha256(body)));
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }

    @Override
    public String formOfHeaders() {
        return "Deliveries carry DIGEST, once: the signature of the body in base64, with or without sha-256= before "
                + "it.";
    }

    @Override
    public String whatToCheck() {
        return isVerifiable
                ? "The signature covers the raw body as it was sent: check that no proxy changes it, and that "
                        + "CONEKTA_WEBHOOK_KEYS holds the public_key of each active webhook key at Conekta."
                : "CONEKTA_WEBHOOK_KEYS is not set, so that every delivery is refused: set it to the public_key of "
                        + "the webhook key at Conekta.";
    }

    @Override
    public String unverified() {
        return "If Conekta sent them, it repeats each for about a day and then gives it up. Check that "
                + "CONEKTA_WEBHOOK_KEYS holds the public_key of each active webhook key at Conekta, and that no proxy "
                + "changes bodies";
    }
}
