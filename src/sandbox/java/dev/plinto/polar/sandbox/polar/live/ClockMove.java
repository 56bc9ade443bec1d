package dev.plinto.polar.sandbox.polar.live;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Problem;
import jakarta.ws.rs.WebApplicationException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.function.UnaryOperator;

/// By how much the clock is to be moved, as in ISO 8601: years, months and days of the calendar, then an exact time.
record ClockMove(Period date, Duration time) implements UnaryOperator<Instant> {

    private static final Duration LONGEST = Duration.ofDays(400);
    private static final String FIELD = "advance";

    /// Throws a problem (400) that says what to send.
    ///
    /// @param now a move that begins now must be forward, and at most [#LONGEST]
    static ClockMove read(byte[] body, ObjectMapper json, Instant now) {
        try {
            JsonNode asked = json.readerFor(JsonNode.class)
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readValue(body);
            if (asked.isObject() && asked.size() == 1 && asked.path(FIELD).isTextual()) {
                ClockMove move = parse(asked.path(FIELD).textValue());
                Duration by = Duration.between(now, move.apply(now));
                if (!by.isPositive()) {
                    throw refused("The clock moves only forward.");
                }
                if (by.compareTo(LONGEST) > 0) {
                    throw refused("One call moves the clock by at most " + LONGEST.toDays() + " days.");
                }
                return move;
            }
        } catch (IOException | DateTimeException | ArithmeticException e) {
            // answered like another body: the exception's text may quote it
        }
        throw refused("The body is not a JSON object with the field " + FIELD + ", a duration, and no other.");
    }

    @Override
    public Instant apply(Instant from) {
        return OffsetDateTime.ofInstant(from, ZoneOffset.UTC).plus(date).plus(time).toInstant();
    }

    private static ClockMove parse(String text) {
        int t = text.indexOf('T');
        if (t < 0) {
            return new ClockMove(Period.parse(text), Duration.ZERO);
        }
        Period date = t == 1 ? Period.ZERO : Period.parse(text.substring(0, t));
        return new ClockMove(date, Duration.parse("P" + text.substring(t)));
    }

    private static WebApplicationException refused(String fault) {
        return new Problem("invalid-request", 400, "Invalid request", fault + " The clock was not moved. Send an ISO "
                + "8601 duration, such as {\"advance\": \"P3D\"} (days), P1M (a month of the calendar), PT6H (hours).")
                .exception();
    }
}
