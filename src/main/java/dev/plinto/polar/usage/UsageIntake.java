package dev.plinto.polar.usage;

import dev.plinto.polar.Problem;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.postgres.FaultyQuery;
import dev.plinto.polar.usage.UsageStore.Known;
import dev.plinto.polar.usage.UsageStore.Sent;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Makes events durable. Requests share statements: those that arrive while some run go into the next one, so that many
/// small requests cost little more than a large one. Each request is taken or refused by itself.
@ApplicationScoped
class UsageIntake {

    /// After which a request is answered 503. It may be taken after all, so its events are sent again with their keys.
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int RETRY_SECONDS = 2;
    /// Each time, another transaction has come before.
    private static final int MOST_RACES = 10;

    private final UsageStore store;
    private final WaitingUsage waiting = new WaitingUsage();

    UsageIntake(UsageStore store) {
        this.store = store;
    }

    /// Completes when the events are durable. Fails with a problem (503) if that takes too long, or if too many wait.
    ///
    /// @param events at least one
    Uni<Outcome> take(List<UsageEvent> events) {
        UsageRequest request = new UsageRequest(events);
        if (!request.outcome().isDone()) {
            if (!waiting.add(request)) {
                return Uni.createFrom().failure(UsageIntake::full);
            }
            takeNext();
        }
        return Uni.createFrom().completionStage(request.outcome())
                .ifNoItem().after(PATIENCE).failWith(Problem::databaseUnavailable)
                .onFailure().invoke(() -> waiting.remove(request))
                .onFailure(failure -> !(failure instanceof WebApplicationException))
                .transform(failure -> DatabaseAway.isCauseOf(failure)
                        ? Problem.databaseUnavailable()
                        : new FaultyQuery(UsageStore.class.getName(), failure));
    }

    private static WebApplicationException full() {
        Problem problem = new Problem("usage-intake-full", 503, "Too many events wait for the database",
                "Nothing was taken. Send the request again after Retry-After, with the same keys.");
        return new WebApplicationException(problem.title(), problem.responseBuilder()
                .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS).build());
    }

    private void takeNext() {
        List<UsageRequest> merge = waiting.next();
        if (!merge.isEmpty()) {
            take(merge, MOST_RACES).onComplete(done -> {
                waiting.done(merge);
                if (done.failed()) {
                    fail(merge, done.cause());
                }
                takeNext();
            });
        }
    }

    private Future<?> take(List<UsageRequest> merge, int races) {
        return store(merge).map(known -> {
            answer(merge, known);
            return merge;
        }).recover(failure -> {
            if (UsageStore.isRace(failure) && races > 0) {
                return take(merge, races - 1).mapEmpty();
            }
            return merge.size() == 1 || DatabaseAway.isCauseOf(failure)
                    ? Future.failedFuture(failure)
                    : takeEachAlone(merge).mapEmpty();
        });
    }

    /// What fails by the events of one request must not fail others.
    private Future<?> takeEachAlone(List<UsageRequest> merge) {
        Future<?> before = Future.succeededFuture();
        for (UsageRequest request : merge) {
            List<UsageRequest> alone = List.of(request);
            before = before.transform(done -> take(alone, MOST_RACES).otherwise(failure -> {
                fail(alone, failure);
                return null;
            }).mapEmpty());
        }
        return before;
    }

    /// Never throws: the requests would wait for nothing, and the next ones for their statement.
    private Future<List<Known>> store(List<UsageRequest> merge) {
        try {
            List<Sent> sent = new ArrayList<>();
            for (int request = 0; request < merge.size(); request++) {
                for (UsageEvent event : merge.get(request).events()) {
                    sent.add(new Sent(request, event));
                }
            }
            return store.take(sent);
        } catch (RuntimeException fault) {
            return Future.failedFuture(fault);
        }
    }

    /// @param known by the positions in the merge, ascending
    private static void answer(List<UsageRequest> merge, List<Known> known) {
        int first = 0;
        int next = 0;
        for (UsageRequest request : merge) {
            int end = first + request.events().size();
            List<Known> ofRequest = new ArrayList<>();
            for (; next < known.size() && known.get(next).position() < end; next++) {
                ofRequest.add(known.get(next).from(first));
            }
            request.answered(ofRequest);
            first = end;
        }
    }

    private static void fail(List<UsageRequest> merge, Throwable failure) {
        Log.warnf("%d requests with usage are answered an error, since their events could not be stored: %s",
                merge.size(), DatabaseAway.describe(failure));
        merge.forEach(request -> request.outcome().completeExceptionally(failure));
    }
}
