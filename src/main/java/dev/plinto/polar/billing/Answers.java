package dev.plinto.polar.billing;

import dev.plinto.polar.conekta.ConektaDialect;
import dev.plinto.polar.conekta.ConektaSnapshot;
import dev.plinto.polar.ingress.RawEvent;
import dev.plinto.polar.ingress.RawTopic;
import dev.plinto.polar.polar.PolarDialect;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.postgres.RequestQueries;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;

/// Lets in what a provider answered to a call for an organization: by the raw topic, as everything that changes state.
/// Whoever asked for a change then reads it back. If the answer is lost on the way, the provider's webhook tells the
/// same a moment later. Only for threads that may block.
@ApplicationScoped
class Answers {

    /// How long a request waits for the projection.
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(160);

    private final RawTopic rawTopic;
    private final PolarDialect polar;
    private final ConektaDialect conekta;
    private final RequestQueries queries;
    private final InstantSource clock;

    Answers(RawTopic rawTopic, PolarDialect polar, ConektaDialect conekta, RequestQueries queries,
            InstantSource clock) {
        this.rawTopic = rawTopic;
        this.polar = polar;
        this.conekta = conekta;
        this.queries = queries;
        this.clock = clock;
    }

    /// @param date the `Date` of Polar's answer
    /// @return whether it is projected; false if that takes longer than 2 s
    boolean letIn(PolarObject object, Instant date) throws InterruptedException {
        return letIn(List.of(object), date);
    }

    /// The same for several objects of one answer, within the same time.
    boolean letIn(List<PolarObject> objects, Instant date) throws InterruptedException {
        return letInAll(objects.stream().map(object -> event(Snapshot.ofAnswer(object, date))).toList());
    }

    /// The same for Conekta's answer.
    boolean letIn(ConektaSnapshot answer) throws InterruptedException {
        return letInAll(List.of(RawEvent.snapshot(conekta, answer.id(), answer.body(), clock.instant(),
                RawEvent.Origin.ANSWER)));
    }

    private boolean letInAll(List<RawEvent> answers) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        try {
            return publish(answers) && areProjected(answers, until);
        } catch (WebApplicationException databaseAway) {
            Log.debugf("Did not wait for the projection of a provider's answer: the database does not answer");
            return false;
        }
    }

    /// Lets in what Polar answered, while the request goes on: for an answer that holds good also before it is
    /// projected.
    void letInLater(PolarObject object, Instant date) {
        RawEvent answer = event(Snapshot.ofAnswer(object, date));
        rawTopic.publish(answer).subscribe().with(published -> {}, brokerAway -> warn(List.of(answer), brokerAway));
    }

    /// Lets in what was read at Polar, as of a moment before: not as a repair of reconciliation, since its webhook may
    /// only be late. Does not wait for the projection.
    ///
    /// @param lastDate the `Date` of an answer that came before the object was asked for
    void letInAsRead(PolarObject object, Instant lastDate) {
        publish(List.of(event(Snapshot.of(object, lastDate))));
    }

    private boolean publish(List<RawEvent> answers) {
        try {
            Uni.join().all(answers.stream().map(rawTopic::publish).toList()).andFailFast().await().atMost(PATIENCE);
            return true;
        } catch (RawTopic.NotDurable | TimeoutException brokerAway) {
            warn(answers, brokerAway);
            return false;
        }
    }

    private static void warn(List<RawEvent> answers, Throwable brokerAway) {
        Log.warnf("The answer of %s could not be published (%s); its webhook will tell it: %s",
                answers.getFirst().dialect().provider(),
                answers.stream().map(RawEvent::webhookId).collect(Collectors.joining(", ")),
                brokerAway.getMessage());
    }

    private RawEvent event(Snapshot answer) {
        return RawEvent.snapshot(polar, answer.id(), answer.body(), clock.instant(), RawEvent.Origin.ANSWER);
    }

    private boolean areProjected(List<RawEvent> answers, long until) throws InterruptedException {
        for (RawEvent answer : answers) {
            if (!awaitProjected(answer.dialect().idPrefix() + answer.webhookId(), until)) {
                return false;
            }
        }
        return true;
    }

    private boolean awaitProjected(String id, long until) throws InterruptedException {
        for (Duration pause = FIRST_PAUSE; System.nanoTime() < until; pause = longer(pause)) {
            if (isProjected(id)) {
                return true;
            }
            Thread.sleep(pause);
        }
        return isProjected(id);
    }

    private boolean isProjected(String id) {
        return !queries.query("SELECT FROM inbox WHERE webhook_id = $1", Tuple.of(id), row -> true)
                .await().indefinitely().isEmpty();
    }

    /// By a quarter: what is projected is noticed at most so much later, while a doubled pause can double the wait.
    private static Duration longer(Duration pause) {
        Duration next = pause.multipliedBy(5).dividedBy(4);
        return next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
    }
}
