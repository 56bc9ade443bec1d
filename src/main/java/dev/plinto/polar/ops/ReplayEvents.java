package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.Topics;
import dev.plinto.polar.ingress.RawEvent;
import dev.plinto.polar.ingress.RawTopic;
import dev.plinto.polar.ingress.ReceivedProviders;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/// Publishes stored events to the raw topic again, as they were received. The projection then applies or parks them: an
/// event counts once, however often it is replayed.
@ApplicationScoped
class ReplayEvents {

    /// Bodies in memory at a time: at most 20 MB, if all are as large as the raw topic accepts.
    static final int BATCH = 10;

    /// For each event, as far apart as the tries of [RawTopic], which starts with a single one after an outage. They
    /// take 3 to 7 s: enough for a partition's new leader, unless the old one's broker was lost.
    private static final int TRIES = 4;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final RawTopic rawTopic;
    private final ReceivedProviders providers;
    private final Duration pause;

    @Inject
    ReplayEvents(RawTopic rawTopic, ReceivedProviders providers) {
        this(rawTopic, providers, PAUSE);
    }

    /// @param pause between two tries
    ReplayEvents(RawTopic rawTopic, ReceivedProviders providers, Duration pause) {
        this.rawTopic = rawTopic;
        this.providers = providers;
        this.pause = pause;
    }

    /// What was published until the end, or until the broker or the database did not answer.
    ///
    /// @param events   events that the broker acknowledged; it may have stored more, without acknowledging them
    /// @param bodyGone events that could not be published because their bodies are no longer kept
    /// @param refused  events that are too large for the topic, however often they are sent
    record Replayed(int events, int bodyGone, int refused, End end) {

        enum End { COMPLETE, BROKER_AWAY, DATABASE_AWAY }

        /// For the log.
        String ending() {
            return switch (end) {
                case COMPLETE -> refused == 0 ? "" : "; the topic refused " + refused + " as too large";
                case BROKER_AWAY -> ", then the broker did not answer";
                case DATABASE_AWAY -> ", then the database did not answer";
            };
        }

        /// Throws 409 `replay-refused`, 503 `replay-incomplete` or 503 `database-unavailable` unless all events that
        /// have a body were published.
        void requireAll() {
            switch (end) {
                case COMPLETE -> {
                    if (refused > 0) {
                        throw refusedByTopic();
                    }
                }
                case BROKER_AWAY -> throw incomplete("broker");
                case DATABASE_AWAY -> throw events == 0 ? Problem.databaseUnavailable() : incomplete("database");
            }
        }

        private WebApplicationException refusedByTopic() {
            return new Problem("replay-refused", 409, "The raw topic refused some events",
                    refused + " larger than its max.message.bytes, " + events
                            + " published. Raise max.message.bytes of "
                            + Topics.RECEIVED + " and replay again: an event that is published twice counts once.")
                    .exception();
        }

        private WebApplicationException incomplete(String silent) {
            return Incomplete.replay(silent, events, "published", "an event that is published twice counts once.");
        }
    }

    /// Batch by batch. Blocks.
    ///
    /// @param next returns the events after a cursor, in order, at most [#BATCH]; empty at the end
    Replayed all(Function<Cursor, Uni<List<ReplayableEvent>>> next) {
        int published = 0;
        int bodyGone = 0;
        int refused = 0;
        Cursor cursor = Cursor.BEFORE_ALL;
        while (true) {
            List<ReplayableEvent> batch;
            try {
                batch = next.apply(cursor).await().indefinitely(); // has a timeout of its own
            } catch (WebApplicationException databaseAway) {
                return new Replayed(published, bodyGone, refused, Replayed.End.DATABASE_AWAY);
            }
            if (batch.isEmpty()) {
                return new Replayed(published, bodyGone, refused, Replayed.End.COMPLETE);
            }
            List<Ack> acks = publish(batch);
            published += Collections.frequency(acks, Ack.PUBLISHED);
            refused += Collections.frequency(acks, Ack.REFUSED);
            bodyGone += batch.size() - acks.size();
            if (acks.contains(Ack.UNANSWERED)) {
                return new Replayed(published, bodyGone, refused, Replayed.End.BROKER_AWAY);
            }
            cursor = batch.getLast().cursor();
        }
    }

    private enum Ack { PUBLISHED, REFUSED, UNANSWERED }

    /// One result for each event that has a body.
    private List<Ack> publish(List<ReplayableEvent> batch) {
        List<Uni<Ack>> acks = batch.stream()
                .flatMap(event -> event.body().map(body -> publish(raw(event, body), TRIES)).stream())
                .toList();
        return acks.isEmpty() ? List.of() : Uni.join().all(acks).andFailFast().await().indefinitely();
    }

    private Uni<Ack> publish(RawEvent event, int tries) {
        return rawTopic.publish(event).replaceWith(Ack.PUBLISHED)
                .onFailure(RawTopic.Refused.class).recoverWithItem(Ack.REFUSED)
                .onFailure(RawTopic.NotDurable.class).recoverWithUni(() -> tries == 1
                        ? Uni.createFrom().item(Ack.UNANSWERED)
                        : Uni.createFrom().voidItem().onItem().delayIt().by(pause)
                                .chain(() -> publish(event, tries - 1)));
    }

    private RawEvent raw(ReplayableEvent event, byte[] body) {
        ReceivedProviders.Stored stored = providers.ofStoredId(event.webhookId());
        return event.ownType()
                .map(own -> RawEvent.own(stored.dialect(), own, stored.webhookId(), body, event.receivedAt(),
                        RawEvent.Origin.REPLAY))
                .orElseGet(() -> RawEvent.undelivered(stored.dialect(), stored.webhookId(), body, event.receivedAt(),
                        RawEvent.Origin.REPLAY));
    }
}
