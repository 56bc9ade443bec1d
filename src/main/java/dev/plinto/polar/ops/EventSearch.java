package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import io.vertx.core.http.HttpServerRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which events are looked for; what is empty does not matter.
///
/// @param customer     at Polar
/// @param organization of ours, or another account
/// @param from         not projected, or first parked, before
/// @param until        exclusive
public record EventSearch(Optional<String> webhookId, Optional<String> type, Optional<String> customer,
        Optional<String> organization, Optional<FoundEvent.Outcome> outcome, Optional<Instant> from,
        Optional<Instant> until) {

    private static final int LONGEST = 500;
    /// The database has no room for all times that can be written.
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    /// Throws a problem where a parameter is none of what it can be. One without a value does not matter, as a form
    /// sends it.
    public static EventSearch of(HttpServerRequest request) {
        return new EventSearch(text(request, "webhook_id"), text(request, "type"), text(request, "customer_id"),
                text(request, "organization_id"), text(request, "outcome").map(EventSearch::outcome),
                text(request, "from").map(EventSearch::time), text(request, "until").map(EventSearch::time));
    }

    private static Optional<String> text(HttpServerRequest request, String name) {
        Optional<String> text = Optional.ofNullable(request.getParam(name)).map(String::strip)
                .filter(value -> !value.isEmpty());
        if (text.filter(value -> value.length() > LONGEST || value.chars().anyMatch(Character::isISOControl))
                .isPresent()) {
            throw new Problem("parameter-invalid", 400, "The query parameter " + name + " is none",
                    "It has at most " + LONGEST + " characters and no control characters.").exception();
        }
        return text;
    }

    private static FoundEvent.Outcome outcome(String name) {
        return Stream.of(FoundEvent.Outcome.values()).filter(outcome -> outcome.wireName().equals(name)).findFirst()
                .orElseThrow(() -> new Problem("parameter-invalid", 400, "There is no such outcome",
                        "The outcomes are " + Stream.of(FoundEvent.Outcome.values()).map(FoundEvent.Outcome::wireName)
                                .collect(Collectors.joining(", ")) + ".")
                        .exception());
    }

    /// What a browser's field for a time sends has no zone, and means UTC.
    public static Instant time(String text) {
        try {
            String upper = text.toUpperCase(Locale.ROOT);
            Instant time = upper.matches("[0-9-]+T[0-9:.]+")
                    ? Instant.parse(withSeconds(upper) + "Z")
                    : OffsetDateTime.parse(upper).toInstant();
            if (!time.isBefore(EARLIEST) && time.isBefore(LATEST)) {
                return time;
            }
        } catch (DateTimeException noTime) {
            // said below
        }
        throw new Problem("parameter-invalid", 400, "That is no time", "A time is written as in RFC 3339, such as "
                + "2026-11-17T09:00:00Z; a + in a URL is written %2B.").exception();
    }

    private static String withSeconds(String time) {
        return time.matches(".*T\\d\\d:\\d\\d") ? time + ":00" : time;
    }
}
