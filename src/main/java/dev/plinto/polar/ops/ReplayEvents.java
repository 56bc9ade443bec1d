package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.ingress.RawEvent;
import dev.plinto.polar.ingress.RawTopic;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.function.Function;

/// Publishes stored events to the raw topic again, as they were received. What comes of it is for the projection to
/// find out: an event counts once, however often it is replayed.
@ApplicationScoped
class ReplayEvents {

    /// Bodies that are in memory at a time: of the largest ones that the raw topic takes, 20 MB.
    static final int BATCH = 10;

    private final RawTopic rawTopic;

    ReplayEvents(RawTopic rawTopic) {
        this.rawTopic = rawTopic;
    }

    /// What was published until the end, or until broker or database did not answer.
    ///
    /// @param events   that the broker is known to have; it may have more of those that it did not answer for
    /// @param bodyGone that could not be published because their bodies are kept no longer
    record Replayed(int events, int bodyGone, End end) {

        enum End { OF_ALL, BY_THE_BROKER, BY_THE_DATABASE }

        /// For the log.
        String ending() {
            return switch (end) {
                case OF_ALL -> "";
                case BY_THE_BROKER -> " until the broker did not answer";
                case BY_THE_DATABASE -> " until the database did not answer";
            };
        }

        /// Throws the problem unless it came to the end.
        void requireAll() {
            switch (end) {
                case OF_ALL -> { }
                case BY_THE_BROKER -> throw incomplete("broker");
                case BY_THE_DATABASE -> throw events == 0 ? Problem.databaseUnavailable() : incomplete("database");
            }
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
    Replayed all(Function<Place, Uni<List<StoredEvent>>> next) {
        int published = 0;
        int gone = 0;
        Place place = Place.BEFORE_ALL;
        while (true) {
            List<StoredEvent> batch;
            try {
                batch = next.apply(place).await().indefinitely(); // fails in time by itself
            } catch (WebApplicationException databaseAway) {
                return new Replayed(published, gone, Replayed.End.BY_THE_DATABASE);
            }
            if (batch.isEmpty()) {
                return new Replayed(published, gone, Replayed.End.OF_ALL);
            }
            int withBody = (int) batch.stream().filter(event -> event.body().isPresent()).count();
            int taken = publish(batch);
            published += taken;
            gone += batch.size() - withBody;
            if (taken < withBody) {
                return new Replayed(published, gone, Replayed.End.BY_THE_BROKER);
            }
            place = batch.getLast().place();
        }
    }

    /// How many of them are durable now.
    private int publish(List<StoredEvent> batch) {
        List<Uni<Integer>> sent = batch.stream()
                .flatMap(event -> event.body().stream().map(body -> rawTopic.publish(RawEvent.undelivered(
                        event.webhookId(), body, event.receivedAt(), RawEvent.Origin.REPLAY))))
                .map(durable -> durable.replaceWith(1).onFailure(RawTopic.NotDurable.class).recoverWithItem(0))
                .toList();
        return sent.isEmpty() ? 0 : Uni.join().all(sent).andFailFast().await().indefinitely()
                .stream().mapToInt(Integer::intValue).sum();
    }
}
