package dev.plinto.polar;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a provider delivers its events: all that receiving, keeping and publishing them needs to know of it. Each
/// provider has one, as a bean, and a raw topic of its own.
public interface WebhookDialect {

    /// As in the paths of its calls: `polar`.
    String provider();

    /// Whether its webhooks are received. If not, nothing of them is read.
    boolean isOn();

    /// The setting without which it is off, by the name of its environment variable.
    String switchedOnBy();

    /// The raw topic of its events.
    String topic();

    /// CloudEvents' `source` of its events.
    String source();

    /// What CloudEvents' `type` begins with, before the event's own type.
    String typePrefix();

    /// What the ids of its events begin with where those of all providers are stored.
    String idPrefix();

    /// The header with the signature, which is kept as it was sent.
    String signatureHeader();

    /// The known types of its events, each with its label in metrics.
    Map<String, String> typeLabels();

    /// How its deliveries can be signed, as in [Verdict.Valid].
    Set<String> schemes();

    /// Empty if the bytes are no event of the provider's.
    Optional<Envelope> envelope(byte[] body);

    /// Why a delivery with these headers cannot be valid, whatever its body; empty if it can.
    Optional<Verdict> refusal(Headers headers, Instant now);

    /// Whether the provider has sent the body, byte for byte.
    Verdict verify(Headers headers, byte[] body, Instant now);

    /// Which headers deliveries carry, for whoever reads why one was refused.
    String formOfHeaders();

    /// What to check if the signature does not fit, for the same reader.
    String whatToCheck();

    /// What follows if the provider's own deliveries do not fit, and what to check, for operators.
    String unverified();

    /// Of a request, whatever the case of their names.
    interface Headers {

        /// Each value that was sent, in order.
        List<String> all(String name);

        /// Null if it was not sent.
        default @Nullable String first(String name) {
            List<String> values = all(name);
            return values.isEmpty() ? null : values.getFirst();
        }
    }
}
