package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.Rfc3339;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// Polar's clock, its source of ids, and the events it has emitted and not yet handed over.
///
/// Simulated time never lags behind the given clock, and runs ahead of it when much happens at once: each event takes
/// some milliseconds, so that no two share a timestamp, except in [#simultaneously(Runnable)]. It can be
/// [moved forward][#move(UnaryOperator)] for good.
final class Emissions {

    static final String API_VERSION = "2026-10";

    private static final Duration MICROSECOND = Duration.of(1, ChronoUnit.MICROS);

    private final InstantSource clock;
    private final RandomGenerator random;
    private final List<WebhookEvent> emitted = new ArrayList<>();
    private Instant moment = Instant.EPOCH;
    private Duration ahead = Duration.ZERO;
    private Duration longestLead = Duration.ofDays(3_650);
    /// Null unless an action runs [as of][#asOf(Instant, Runnable)] the past.
    private Instant pinned;
    private boolean frozen;
    private boolean futureFields;
    private BiConsumer<WebhookEvent, ObjectNode> listener = (event, envelope) -> {};

    Emissions(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /// The time of the newest change.
    Instant moment() {
        return moment;
    }

    /// The time by Polar's clock: never earlier than the newest change.
    Instant now() {
        return notBeforeTheNewestChange(pinned == null ? byTheClock() : pinned);
    }

    /// The time as if the clock had never been moved, also while an action runs [as of][#asOf(Instant, Runnable)] the
    /// past.
    Instant unmoved() {
        return notBeforeTheNewestChange(byTheClock()).minus(ahead);
    }

    /// From now on simulated time runs ahead of the clock by at most this, and for the rest by milliseconds: what
    /// happens one after the other in a moment must not carry it away.
    void stayWithin(Duration lead) {
        longestLead = lead;
    }

    /// How far this clock has been moved.
    Duration ahead() {
        return ahead;
    }

    /// From now on the clock shows the time that `later` makes of the present one, and runs on from there.
    ///
    /// @throws IllegalArgumentException if that is not later
    void move(UnaryOperator<Instant> later) {
        Instant clockNow = byTheClock();
        Instant now = notBeforeTheNewestChange(clockNow);
        Instant target = later.apply(now);
        if (!target.isAfter(now)) {
            throw new IllegalArgumentException("the clock moves only forward");
        }
        ahead = ahead.plus(Duration.between(clockNow, target));
    }

    /// While `action` runs, the clock shows this past time.
    void asOf(Instant past, Runnable action) {
        pinned = past;
        try {
            action.run();
        } finally {
            pinned = null;
        }
    }

    /// Sets the listener that receives each event when it is emitted.
    void onEmit(BiConsumer<WebhookEvent, ObjectNode> newListener) {
        listener = newListener;
    }

    /// After a restart: later changes must be newer than this one, by a clock that has been moved by `clockAhead`.
    void resumeAfter(Instant last, Duration clockAhead) {
        moment = last;
        ahead = clockAhead;
    }

    UUID newId() {
        return new UUID(
                random.nextLong() & 0xffff_ffff_ffff_0fffL | 0x4000L,
                random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L);
    }

    /// An id derived from another one; drawing one here would make later ids depend on thread scheduling.
    static UUID derivedId(UUID from, int number) {
        UUID hash = UUID.nameUUIDFromBytes((from + "/" + number).getBytes(StandardCharsets.US_ASCII));
        return new UUID(
                hash.getMostSignificantBits() & 0xffff_ffff_ffff_0fffL | 0x4000L, hash.getLeastSignificantBits());
    }

    String newToken(int length) {
        StringBuilder token = new StringBuilder();
        random.ints(length, 0, 26).forEach(letter -> token.append((char) ('a' + letter)));
        return token.toString();
    }

    /// The time of the next change: later than all before.
    Instant next() {
        return advance(Duration.ofMillis(1), Duration.ofMillis(40));
    }

    /// Advances simulated time, as Polar's queues do between a change and its consequences.
    Instant advance(Duration atLeast, Duration atMost) {
        if (frozen) {
            return moment;
        }
        moment = now();
        long micros = random.nextLong(atLeast.dividedBy(MICROSECOND), atMost.dividedBy(MICROSECOND) + 1);
        moment = notTooFarAhead(moment.plus(micros, ChronoUnit.MICROS));
        return moment;
    }

    private Instant notTooFarAhead(Instant wanted) {
        Instant limit = pinned == null ? byTheClock().plus(longestLead) : wanted;
        Instant least = moment.plusMillis(1);
        return !wanted.isAfter(limit) ? wanted : least.isAfter(limit) ? least : limit;
    }

    void emit(String type, ObjectNode data) {
        emit(type, data, envelope -> {});
    }

    /// The body is serialized now and never again: Polar stores it and sends it unchanged on each attempt.
    void emit(String type, ObjectNode data, Consumer<ObjectNode> furtherKeys) {
        Instant timestamp = advance(Duration.ofMillis(5), Duration.ofMillis(120));
        ObjectNode envelope = JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("timestamp", Rfc3339.format(timestamp))
                .put("api_version", API_VERSION);
        envelope.set("data", data);
        furtherKeys.accept(envelope);
        if (futureFields) {
            envelope.put("region", "eu-1");
            data.put("price_per_smile", 0.5).putObject("carbon").put("grams", 12).putArray("offsets").add("forest");
        }
        try {
            byte[] body = SimulatedJson.MAPPER.writeValueAsBytes(envelope);
            WebhookEvent event = new WebhookEvent(newId().toString(), type, timestamp, body);
            emitted.add(event);
            listener.accept(event, envelope);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// While `actions` run, time stands still after one step: their events share one timestamp.
    void simultaneously(Runnable actions) {
        next();
        frozen = true;
        try {
            actions.run();
        } finally {
            frozen = false;
        }
    }

    /// While `actions` run, events have fields that Polar may add in the future.
    void withFutureFields(Runnable actions) {
        futureFields = true;
        try {
            actions.run();
        } finally {
            futureFields = false;
        }
    }

    private Instant byTheClock() {
        return clock.instant().plus(ahead).truncatedTo(ChronoUnit.MICROS);
    }

    private Instant notBeforeTheNewestChange(Instant time) {
        return time.isAfter(moment) ? time : moment;
    }

    List<WebhookEvent> drain() {
        List<WebhookEvent> drained = List.copyOf(emitted);
        emitted.clear();
        return drained;
    }
}
