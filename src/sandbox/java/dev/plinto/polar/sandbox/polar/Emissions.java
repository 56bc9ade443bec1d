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
import java.util.random.RandomGenerator;

/// Polar's clock, its source of ids, and the events it has emitted and not yet handed over.
///
/// Simulated time never lags behind the clock it was given, and runs ahead of it while much happens at once: each
/// event takes some milliseconds, so that no two share a timestamp unless somebody asks for that.
final class Emissions {

    static final String API_VERSION = "2026-10";

    private static final Duration MICROSECOND = Duration.of(1, ChronoUnit.MICROS);

    private final InstantSource clock;
    private final RandomGenerator random;
    private final List<WebhookEvent> emitted = new ArrayList<>();
    private Instant moment = Instant.EPOCH;
    private boolean frozen;
    private boolean futureFields;
    private BiConsumer<WebhookEvent, ObjectNode> log = (event, envelope) -> {};

    Emissions(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /// The newest moment that the simulated Polar has lived through.
    Instant moment() {
        return moment;
    }

    /// What Polar's clock shows: never earlier than what has happened.
    Instant now() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return now.isAfter(moment) ? now : moment;
    }

    /// Where each event is written down when it is emitted.
    void writeTo(BiConsumer<WebhookEvent, ObjectNode> newLog) {
        log = newLog;
    }

    /// After a restart: nothing may happen before what has happened already.
    void resumeAfter(Instant last) {
        moment = last;
    }

    UUID newId() {
        return new UUID(
                random.nextLong() & 0xffff_ffff_ffff_0fffL | 0x4000L,
                random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L);
    }

    /// An id that follows from another one, where drawing one would make the next draw depend on when threads ran.
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

    /// The moment at which the next thing changes: later than everything so far.
    Instant next() {
        return pass(Duration.ofMillis(1), Duration.ofMillis(40));
    }

    /// Lets a while pass, as Polar's queues do between a change and what follows from it.
    Instant pass(Duration atLeast, Duration atMost) {
        if (frozen) {
            return moment;
        }
        moment = now();
        long micros = random.nextLong(atLeast.dividedBy(MICROSECOND), atMost.dividedBy(MICROSECOND) + 1);
        moment = moment.plus(micros, ChronoUnit.MICROS);
        return moment;
    }

    void emit(String type, ObjectNode data) {
        emit(type, data, envelope -> {});
    }

    /// The body is written now, and never again: Polar stores it and sends it unchanged on each attempt.
    void emit(String type, ObjectNode data, Consumer<ObjectNode> furtherKeys) {
        Instant timestamp = pass(Duration.ofMillis(5), Duration.ofMillis(120));
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
            log.accept(event, envelope);
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

    /// While `actions` run, events have fields that Polar may add one day.
    void withFutureFields(Runnable actions) {
        futureFields = true;
        try {
            actions.run();
        } finally {
            futureFields = false;
        }
    }

    List<WebhookEvent> take() {
        List<WebhookEvent> taken = List.copyOf(emitted);
        emitted.clear();
        return taken;
    }
}
