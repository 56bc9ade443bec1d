package dev.plinto.polar.ops;

import dev.plinto.polar.Flag;
import dev.plinto.polar.Problem;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The criteria of a search for events; empty ones match every event.
///
/// @param customer     id at Polar
/// @param organization id of an organization, or another account
/// @param conflicting  whether only events match under whose webhook id other bodies came
/// @param from         earliest time at which the event was projected or first parked
/// @param until        the latest such time, exclusive
public record EventSearch(Optional<String> webhookId, Optional<String> type, Optional<String> customer,
        Optional<String> organization, Optional<FoundEvent.Outcome> outcome, boolean conflicting,
        Optional<Instant> from, Optional<Instant> until) {

    private static final int LONGEST = 500;
    /// PostgreSQL cannot store every time that RFC 3339 can express.
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    /// The query parameters of a search.
    public record Query(@QueryParam("webhook_id") @Nullable String webhookId, @QueryParam("type") @Nullable String type,
            @QueryParam("customer_id") @Nullable String customerId,
            @QueryParam("organization_id") @Nullable String organizationId,
            @QueryParam("outcome") @Nullable String outcome, @QueryParam("conflicting") @Nullable String conflicting,
            @QueryParam("from") @Nullable String from, @QueryParam("until") @Nullable String until) {}

    /// Throws 400 `parameter-invalid` for a range that contains no moment.
    public EventSearch {
        if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
            throw new Problem("parameter-invalid", 400, "The query parameter until is not later than from",
                    "The range ends before until, so that it would be empty. Send a later until.").exception();
        }
    }

    /// Ignores parameters without a value, which forms send. Throws 400 `parameter-invalid` for a value that a
    /// parameter cannot have.
    public static EventSearch of(Query query) {
        return new EventSearch(text("webhook_id", query.webhookId), text("type", query.type),
                text("customer_id", query.customerId), text("organization_id", query.organizationId),
                text("outcome", query.outcome).map(EventSearch::outcome),
                text("conflicting", query.conflicting).map(EventSearch::isConflicting).orElse(false),
                text("from", query.from).map(text -> time("from", text)),
                text("until", query.until).map(text -> time("until", text)));
    }

    private static Optional<String> text(String name, @Nullable String typed) {
        Optional<String> text = Optional.ofNullable(typed).map(String::strip)
                .filter(value -> !value.isEmpty());
        if (text.filter(value -> value.length() > LONGEST || value.chars().anyMatch(Character::isISOControl))
                .isPresent()) {
            throw new Problem("parameter-invalid", 400, "The query parameter " + name + " is not valid",
                    "It has at most " + LONGEST + " characters and no control characters.").exception();
        }
        return text;
    }

    private static boolean isConflicting(String value) {
        return Flag.isTrue("conflicting", value,
                "conflicting=true finds the events under whose webhook id other bodies came.");
    }

    private static FoundEvent.Outcome outcome(String name) {
        return Stream.of(FoundEvent.Outcome.values()).filter(outcome -> outcome.wireName().equals(name)).findFirst()
                .orElseThrow(() -> new Problem("parameter-invalid", 400, "There is no such outcome",
                        "The outcomes are " + Stream.of(FoundEvent.Outcome.values()).map(FoundEvent.Outcome::wireName)
                                .collect(Collectors.joining(", ")) + ".")
                        .exception());
    }

    /// Takes RFC 3339, or a time without a zone, as a browser's input field sends it, which means UTC. Throws 400
    /// `parameter-invalid` otherwise.
    public static Instant time(String parameter, String text) {
        try {
            String upper = text.toUpperCase(Locale.ROOT);
            Instant time = upper.matches("[0-9-]+T[0-9:.]+")
                    ? Instant.parse(withSeconds(upper) + "Z")
                    : OffsetDateTime.parse(upper).toInstant();
            if (!time.isBefore(EARLIEST) && time.isBefore(LATEST)) {
                return time;
            }
        } catch (DateTimeException invalid) {
            // thrown below
        }
        throw new Problem("parameter-invalid", 400, "The query parameter " + parameter + " is not a time",
                "Write a time from 1970 to 9999 as in RFC 3339, such as 2026-11-17T09:00:00Z; in a URL, + is %2B.")
                .exception();
    }

    private static String withSeconds(String time) {
        return time.matches(".*T\\d\\d:\\d\\d") ? time + ":00" : time;
    }
}
