package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.Topics;
import dev.plinto.polar.ingress.RawEvent;
import dev.plinto.polar.ingress.RawTopic;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/// Publishes stored events to the raw topic again, as they were received. What comes of it is for the projection to
/// find out: an event counts once, however often it is replayed.
@ApplicationScoped
class ReplayEvents {

    /// Bodies that are in memory at a time: of the largest ones that the raw topic takes, 20 MB.
    static final int BATCH = 10;

    /// For each event, as far apart as those of [RawTopic], which after an outage begins with a single one. They take
    /// 3 to 7 s: a leader that is moved is there by then, one whose broker was lost may take longer.
    private static final int TRIES = 4;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final RawTopic rawTopic;

    ReplayEvents(RawTopic rawTopic) {
        this.rawTopic = rawTopic;
    }

    /// What was published until the end, or until broker or database did not answer.
    ///
    /// @param events   that the broker is known to have; it may have more of those that it did not answer for
    /// @param bodyGone that could not be published because their bodies are kept no longer
    /// @param refused  that the topic does not take, however often they are sent
    record Replayed(int events, int bodyGone, int refused, End end) {

        enum End { OF_ALL, BY_THE_BROKER, BY_THE_DATABASE }

        /// For the log.
        String ending() {
            return switch (end) {
                case OF_ALL -> refused == 0 ? "" : "; the topic refuses " + refused + " as too large";
                case BY_THE_BROKER -> " until the broker did not answer";
                case BY_THE_DATABASE -> " until the database did not answer";
            };
        }

        /// Throws the problem unless it came to the end.
        void requireAll() {
            switch (end) {
                case OF_ALL -> {
                    if (refused > 0) {
                        throw notTaken();
                    }
                }
                case BY_THE_BROKER -> throw incomplete("broker");
                case BY_THE_DATABASE -> throw events == 0 ? Problem.databaseUnavailable() : incomplete("database");
            }
        }

        private WebApplicationException notTaken() {
            return new Problem("replay-refused", 409, "The raw topic does not take all events",
                    refused + " larger than its max.message.bytes, " + events + " published. Raise it for "
                            + Topics.RECEIVED + ", and ask again: what is published twice still counts once.")
                    .exception();
        }

        private WebApplicationException incomplete(String who) {
            Problem problem = new Problem("replay-incomplete", 503, "Not all events could be published again",
                    "The " + who + " does not answer. At least " + events + " events are published. Ask again: what is "
                            + "published twice still counts once.");
            return new WebApplicationException(problem.title(),
                    problem.responseBuilder().header(HttpHeaders.RETRY_AFTER, 5).build());
        }
    }

    /// Batch by batch, on a thread that may wait.
    ///
    /// @param next the events after a place, at most [#BATCH] of them, in the order of places
    Replayed all(Function<Cursor, Uni<List<ReplayableEvent>>> next) {
        int published = 0;
        int gone = 0;
        int refused = 0;
        Cursor cursor = Cursor.BEFORE_ALL;
        while (true) {
            List<ReplayableEvent> batch;
            try {
                batch = next.apply(cursor).await().indefinitely(); // fails in time by itself
            } catch (WebApplicationException databaseAway) {
                return new Replayed(published, gone, refused, Replayed.End.BY_THE_DATABASE);
            }
            if (batch.isEmpty()) {
                return new Replayed(published, gone, refused, Replayed.End.OF_ALL);
            }
            List<Sent> sent = publish(batch);
            published += Collections.frequency(sent, Sent.TAKEN);
            refused += Collections.frequency(sent, Sent.REFUSED);
            gone += batch.size() - sent.size();
            if (sent.contains(Sent.UNANSWERED)) {
                return new Replayed(published, gone, refused, Replayed.End.BY_THE_BROKER);
            }
            cursor = batch.getLast().cursor();
        }
    }

    private enum Sent { TAKEN, REFUSED, UNANSWERED }

    /// Of each that has a body.
    private List<Sent> publish(List<ReplayableEvent> batch) {
        List<Uni<Sent>> sent = batch.stream()
                .flatMap(event -> event.body().map(body -> publish(raw(event, body), TRIES)).stream())
                .toList();
        return sent.isEmpty() ? List.of() : Uni.join().all(sent).andFailFast().await().indefinitely();
    }

    private Uni<Sent> publish(RawEvent event, int tries) {
        return rawTopic.publish(event).replaceWith(Sent.TAKEN)
                .onFailure(RawTopic.Refused.class).recoverWithItem(Sent.REFUSED)
                .onFailure(RawTopic.NotDurable.class).recoverWithUni(() -> tries == 1
                        ? Uni.createFrom().item(Sent.UNANSWERED)
                        : Uni.createFrom().voidItem().onItem().delayIt().by(PAUSE)
                                .chain(() -> publish(event, tries - 1)));
    }

    private static RawEvent raw(ReplayableEvent event, byte[] body) {
        return event.isSnapshot()
                ? RawEvent.snapshot(event.webhookId(), body, event.receivedAt(), RawEvent.Origin.REPLAY)
                : RawEvent.undelivered(event.webhookId(), body, event.receivedAt(), RawEvent.Origin.REPLAY);
    }
}
