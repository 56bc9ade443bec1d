package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.qute.TemplateExtension;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// How values are written for people.
@TemplateExtension(namespace = "show")
public final class Format {

    private static final DateTimeFormatter TIME = DateTimeFormatter
            .ofPattern("EEE d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    /// `Tue 17 Nov 2026, 09:00:00 UTC`
    public static String time(String rfc3339) {
        return rfc3339 == null ? "never" : TIME.format(Instant.parse(rfc3339));
    }

    /// `450 ms`, `12.3 s`, `5 min 20 s`, `3 h 5 min`, `2 d 4 h`
    public static String seconds(Double seconds) {
        if (seconds == null) {
            return "not known";
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

    /// Clocks of different machines may have it the other way round.
    static String after(String from, String to) {
        double seconds = (Instant.parse(to).toEpochMilli() - Instant.parse(from).toEpochMilli()) / 1e3;
        return seconds < 0 ? seconds(-seconds) + " earlier, by another clock" : seconds(seconds) + " later";
    }

    /// `1 event`, `2 events`
    static String count(Number number, String what) {
        return count(number, what, what + "s");
    }

    static String count(Number number, String one, String more) {
        return number + " " + (number.longValue() == 1 ? one : more);
    }

    /// What stands in the place of nothing.
    static String orNone(Object value) {
        return value == null ? "–" : value.toString();
    }

    /// A part of an address.
    public static String url(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// How long the oldest has been waiting.
    static String waiting(Double seconds) {
        return seconds == null ? "not known here" : seconds == 0 ? "none waits" : seconds(seconds);
    }

    static String lately(Double seconds) {
        return seconds == null ? "none came" : seconds(seconds);
    }

    static String orUnknown(Object value) {
        return value == null ? "not known" : value.toString();
    }

    static String endpoint(Boolean enabled) {
        return enabled == null ? "not known" : enabled ? "on" : "off";
    }

    /// `LISTED_SUBSCRIPTION` becomes `listed subscription`.
    static String step(String step) {
        return step.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String runOutcome(String outcome) {
        return outcome == null ? "under way" : outcome.equals("given_up") ? "given up, and begun anew" : outcome;
    }

    /// What became of an event.
    static String outcome(FoundEvent event) {
        return switch (FoundEvent.Outcome.valueOf(event.outcome().toUpperCase(Locale.ROOT))) {
            case APPLIED -> "It changed what is known.";
            case STALE -> "A newer statement had said all of it before, so it changed nothing.";
            case IGNORED -> "Events of this type have no effect on what is kept.";
            case UNKNOWN_TYPE -> "Its type is not known yet; it is kept until it is.";
            case PARKED -> "It could not be applied.";
        };
    }

    /// The set that a message tells.
    static String entitlements(JsonNode message) {
        List<String> names = message.path("entitlements").valueStream().map(Format::name).toList();
        return names.isEmpty() ? "Nothing." : String.join(", ", names) + ".";
    }

    private static String name(JsonNode benefit) {
        return benefit.path("description").asText(benefit.path("feature").asText(benefit.path("benefit_id").asText()));
    }

    static String json(JsonNode json) {
        return json.toPrettyString();
    }

    /// A field of a message; a dash where it says nothing.
    static String field(JsonNode message, String name) {
        return message.path(name).isValueNode() && !message.path(name).isNull() ? message.path(name).asText() : "–";
    }

    static String timeField(JsonNode message, String name) {
        return message.path(name).isTextual() ? time(message.path(name).textValue()) : "–";
    }

    private Format() {}
}
