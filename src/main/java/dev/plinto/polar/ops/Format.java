package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.telemetry.MaskedAddress;
import io.quarkus.qute.TemplateExtension;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Formats values for people.
@TemplateExtension(namespace = "show")
public final class Format {

    private static final DateTimeFormatter TIME = DateTimeFormatter
            .ofPattern("EEE d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter INPUT = DateTimeFormatter
            .ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    /// `Tue 17 Nov 2026, 09:00:00 UTC`
    public static String time(@Nullable String rfc3339) {
        return rfc3339 == null ? "never" : TIME.format(Instant.parse(rfc3339));
    }

    /// `450 ms`, `12.3 s`, `5 min 20 s`, `3 h 5 min`, `2 d 4 h`
    public static String seconds(@Nullable Double seconds) {
        if (seconds == null) {
            return "unknown";
        }
        long whole = Math.round(seconds);
        return seconds < 1
                ? Math.round(seconds * 1000) + " ms"
                : seconds < 60
                        ? String.format(Locale.ROOT, "%.1f s", seconds)
                        : whole < 3_600
                                ? whole / 60 + " min " + whole % 60 + " s"
                                : whole < 86_400
                                        ? whole / 3_600 + " h " + whole % 3_600 / 60 + " min"
                                        : whole / 86_400 + " d " + whole % 86_400 / 3_600 + " h";
    }

    /// `12.3 s later`. The times are of different machines, so they may be in reverse order.
    static String after(String from, String to) {
        double seconds = (Instant.parse(to).toEpochMilli() - Instant.parse(from).toEpochMilli()) / 1e3;
        return seconds < 0 ? seconds(-seconds) + " earlier (clocks differ)" : seconds(seconds) + " later";
    }

    /// `1 event`, `2 events`
    public static String count(Number number, String what) {
        return count(number, what, what + "s");
    }

    public static String count(Number number, String singular, String plural) {
        return number + " " + (number.longValue() == 1 ? singular : plural);
    }

    /// `2 events of its customers are parked`
    ///
    /// @param isKnown whether the account is; else only the events name it
    static String parked(int number, boolean isKnown) {
        return count(number, "event") + (isKnown ? " of its customers " : " with this id ")
                + (number == 1 ? "is parked" : "are parked");
    }

    /// The same of discarded events.
    static String discarded(int number, boolean isKnown) {
        return count(number, "event") + (isKnown ? " of its customers " : " with this id ")
                + (number == 1 ? "was discarded" : "were discarded");
    }

    /// Whether a benefit may be used, in the tense of the moment.
    static String use(boolean hasAccess, boolean isPast) {
        return (isPast ? "could" : "may") + (hasAccess ? " use" : " not use");
    }

    /// A time as [EventSearch#time] takes it.
    static String typedTime(String typed) {
        return TIME.format(EventSearch.time("at", typed));
    }

    /// The same as the value of an input field of the type `datetime-local`; empty for none.
    static String inputTime(String typed) {
        return typed.isEmpty() ? "" : INPUT.format(EventSearch.time("at", typed));
    }

    /// `19.00 EUR`, `1900 JPY`: an amount in minor units; a dash for null.
    static String money(@Nullable Long amount, @Nullable String currency) {
        if (amount == null) {
            return "–";
        }
        int digits = currency == null
                ? 2
                : Optional.of(currency.toUpperCase(Locale.ROOT)).flatMap(Format::digits).orElse(2);
        return BigDecimal.valueOf(amount, digits).toPlainString()
                + (currency == null ? "" : " " + currency.toUpperCase(Locale.ROOT));
    }

    /// Of the minor unit; empty for a currency that is unknown here.
    private static Optional<Integer> digits(String currency) {
        return Currency.getAvailableCurrencies().stream().filter(known -> known.getCurrencyCode().equals(currency))
                .map(Currency::getDefaultFractionDigits).filter(digits -> digits >= 0).findFirst();
    }

    /// A number without an exponent.
    static String plain(BigDecimal number) {
        return number.toPlainString();
    }

    /// `12`, `100000 or more`
    static String usage(Number events) {
        return events.longValue() < AccountUsage.MOST ? events.toString() : AccountUsage.MOST + " or more";
    }

    /// A dash for null.
    static String orNone(@Nullable Object value) {
        return value == null ? "–" : value.toString();
    }

    /// Encodes a path segment or query value of a URL.
    public static String url(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// The age of the oldest waiting item; null if this replica cannot measure it, 0 if none waits.
    static boolean isMasked(String account) {
        return account.equals(MaskedAddress.MASKED);
    }

    static String waiting(@Nullable Double seconds) {
        return seconds == null ? "unknown to this replica" : seconds == 0 ? "none waiting" : seconds(seconds);
    }

    /// A statistic of recent events; null if there were none.
    static String recent(@Nullable Double seconds) {
        return seconds == null ? "no events" : seconds(seconds);
    }

    static String orUnknown(@Nullable Object value) {
        return value == null ? "unknown" : value.toString();
    }

    static String endpoint(@Nullable Boolean enabled) {
        return enabled == null ? "unknown" : enabled ? "on" : "off";
    }

    /// `LISTED_SUBSCRIPTION` becomes `listed subscription`.
    public static String step(String step) {
        return step.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String runOutcome(@Nullable String outcome) {
        return outcome == null ? "not ended" : outcome.equals("given_up") ? "given up, then restarted" : outcome;
    }

    /// An event's outcome, as a sentence.
    static String outcome(FoundEvent event) {
        return switch (FoundEvent.Outcome.valueOf(event.outcome().toUpperCase(Locale.ROOT))) {
            case APPLIED -> "It changed the current state.";
            case STALE -> "It changed nothing: a newer statement was projected before it.";
            case IGNORED -> "Events of this type have no effect.";
            case UNKNOWN_TYPE -> "Its type is unknown. It is kept, to be applied after an upgrade that knows the type.";
            case PARKED -> "It could not be applied.";
            case DISCARDED ->
                "It could not be applied, and an operator has discarded it: the audit log says who, and why.";
        };
    }

    /// What an event did to the benefits of an account; of an older release, the entitlements in its message.
    static String entitlements(JsonNode change) {
        if (change.has("entitlements")) {
            List<String> names = change.path("entitlements").valueStream().map(Format::name).toList();
            return names.isEmpty() ? "None." : String.join(", ", names) + ".";
        }
        return Stream.of(effect(change, "granted", "May use %s."),
                effect(change, "revoked", "May no longer use %s."),
                effect(change, "changed", "Other grants give %s, or its fields differ."))
                .filter(part -> !part.isEmpty()).collect(Collectors.joining(" "));
    }

    private static String effect(JsonNode change, String effect, String sentence) {
        Set<String> ids = change.path(effect).valueStream().map(JsonNode::textValue).collect(Collectors.toSet());
        String names = change.path("benefits").valueStream()
                .filter(benefit -> ids.contains(benefit.path("benefit_id").textValue()))
                .map(Format::name).collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : sentence.formatted(names);
    }

    private static String name(JsonNode benefit) {
        return benefit.path("description").asText(benefit.path("feature").asText(benefit.path("benefit_id").asText()));
    }

    static String json(JsonNode json) {
        return json.toPrettyString();
    }

    /// A field of a message; a dash if it is absent or null.
    static String field(JsonNode message, String name) {
        return message.path(name).isValueNode() && !message.path(name).isNull() ? message.path(name).asText() : "–";
    }

    static String timeField(JsonNode message, String name) {
        return message.path(name).isTextual() ? time(message.path(name).textValue()) : "–";
    }

    private Format() {}
}
