package dev.plinto.polar.polar;

import dev.plinto.polar.Envelope;
import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.Topics;
import dev.plinto.polar.Verdict;
import dev.plinto.polar.WebhookDialect;
import dev.plinto.polar.polar.api.PolarConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Polar's webhooks: Standard Webhooks, with the event's id in a header.
@ApplicationScoped
public class PolarDialect implements WebhookDialect {

    private static final List<String> HEADERS = List.of(
            HeaderNames.WEBHOOK_ID, HeaderNames.WEBHOOK_TIMESTAMP, HeaderNames.WEBHOOK_SIGNATURE);
    private static final Map<String, String> TYPES = Arrays.stream(EventType.values())
            .collect(Collectors.toUnmodifiableMap(EventType::wireName, EventType::wireName));

    private final Optional<WebhookSignature> signature;

    @Inject
    PolarDialect(PolarConfig config) {
        this(config.webhook().secret());
    }

    /// @param secrets without any, no delivery can be verified
    public PolarDialect(Optional<String> secrets) {
        signature = secrets.map(WebhookSecrets::split).filter(all -> !all.isEmpty())
                .map(WebhookSignature::new);
    }

    /// Whether what is stored under this id is Polar's: those of other providers have a prefix that ends with a colon,
    /// and Polar's own ids, which are UUIDs, have none.
    public static boolean isOwn(String storedId) {
        return storedId.indexOf(':') < 0;
    }

    @Override
    public String provider() {
        return "polar";
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public String switchedOnBy() {
        return "POLAR_WEBHOOK_SECRET";
    }

    @Override
    public String topic() {
        return Topics.RECEIVED;
    }

    @Override
    public String source() {
        return "https://polar.sh";
    }

    @Override
    public String typePrefix() {
        return "sh.polar.";
    }

    @Override
    public String idPrefix() {
        return "";
    }

    @Override
    public String signatureHeader() {
        return HeaderNames.WEBHOOK_SIGNATURE;
    }

    @Override
    public Map<String, String> typeLabels() {
        return TYPES;
    }

    @Override
    public Set<String> schemes() {
        return Arrays.stream(WebhookSignature.Scheme.values()).map(WebhookSignature.Scheme::wireName)
                .collect(Collectors.toSet());
    }

    @Override
    public Optional<Envelope> envelope(byte[] body) {
        return PolarEnvelope.scan(body);
    }

    @Override
    public Optional<Verdict> refusal(Headers headers, Instant now) {
        for (String name : HEADERS) {
            int sent = headers.all(name).size();
            if (sent != 1) { // of two, a proxy and this service might trust different ones
                return Optional.of(
                        new Verdict.Malformed(name + (sent == 0 ? " is missing" : " was sent more than once")));
            }
        }
        return WebhookSignature.refusal(only(HeaderNames.WEBHOOK_ID, headers),
                only(HeaderNames.WEBHOOK_TIMESTAMP, headers), only(HeaderNames.WEBHOOK_SIGNATURE, headers), now);
    }

    @Override
    public Verdict verify(Headers headers, byte[] body, Instant now) {
        return signature.orElseThrow(() -> new IllegalStateException("POLAR_WEBHOOK_SECRET is not set"))
                .verify(only(HeaderNames.WEBHOOK_ID, headers), only(HeaderNames.WEBHOOK_TIMESTAMP, headers),
                        only(HeaderNames.WEBHOOK_SIGNATURE, headers), body, now);
    }

    private static String only(String name, Headers headers) {
        return headers.all(name).getFirst();
    }

    @Override
    public String formOfHeaders() {
        return "Deliveries carry webhook-id, webhook-timestamp and webhook-signature, once each, as Standard Webhooks "
                + "defines them.";
    }

    @Override
    public String whatToCheck() {
        return "The signature covers the raw body as it was sent: check that no proxy changes it, and that "
                + "POLAR_WEBHOOK_SECRET holds the endpoint's current secret, prefix included.";
    }

    @Override
    public String unverified() {
        return "If Polar sent them, it gives them up within an hour and then disables the endpoint. Check that "
                + "POLAR_WEBHOOK_SECRET holds the endpoint's current secret, and that no proxy changes bodies";
    }
}
