package dev.plinto.polar.projection;

import dev.plinto.polar.telemetry.LogFields;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;

/// Projects events in one transaction, or one by one if one of them is at fault, so that it does not block the others.
@ApplicationScoped
class BatchProjection {

    private final Transactions transactions;
    private final RetryUntilDone retry;
    private final InstantSource clock;
    private final Partitions partitions;
    private final ProjectionMetrics metrics;

    BatchProjection(Transactions transactions, RetryUntilDone retry, InstantSource clock, Partitions partitions,
            ProjectionMetrics metrics) {
        this.transactions = transactions;
        this.retry = retry;
        this.clock = clock;
        this.partitions = partitions;
        this.metrics = metrics;
    }

    /// Returns after the commit, and waits without limit for a database that is away.
    void project(List<ReceivedEvent> events, Positions position) {
        try {
            commit(transaction -> {
                position.save(transaction);
                return new Projection(transaction, clock.instant()).project(events);
            });
        } catch (RuntimeException causedByEvent) {
            requireCausedByEvent(causedByEvent);
            Log.warnf("A batch of %d events could not be projected; projecting its events one by one: %s",
                    events.size(), DatabaseFailure.describe(causedByEvent));
            events.forEach(this::projectOrPark);
            commit(transaction -> {
                position.save(transaction);
                return List.of();
            });
        }
    }

    private void projectOrPark(ReceivedEvent event) {
        try {
            commit(transaction -> new Projection(transaction, clock.instant()).project(List.of(event)));
        } catch (RuntimeException causedByEvent) {
            requireCausedByEvent(causedByEvent);
            ParkReason reason = ParkReason.failed(causedByEvent);
            commit(transaction -> {
                new InboxStore(transaction, clock.instant()).park(List.of(new InboxStore.Parked(event, reason)));
                return List.of(new Projected(event, EventOutcome.PARKED));
            });
            LogFields.of(event.webhookId(), null, event.trace(), () -> Log.errorf("Event %s is parked: %s. Once the "
                    + "cause is fixed, replay it: POST /api/v1/polar/ops/parked/%s/replay, see docs/parked.md",
                    event.webhookId(), reason.detail(), event.webhookId()));
        }
    }

    /// Rethrows a transient failure: the service is stopping, which is no reason to park an event.
    private static void requireCausedByEvent(RuntimeException failure) {
        if (DatabaseFailure.isTransient(failure)) {
            throw failure;
        }
    }

    private void commit(Work work) {
        // Fails only through an event's fault, or while stopping; meanwhile the backlog waits in Kafka.
        List<Projected> projected = retry.untilDone("Projection", () -> {
            partitions.createAhead(clock.instant());
            try {
                return transactions.inOne(work::in);
            } catch (RuntimeException failed) {
                partitions.recheck();
                throw failed;
            }
        });
        metrics.count(projected, clock.instant());
        projected.forEach(BatchProjection::report);
    }

    private static void report(Projected projected) {
        ReceivedEvent event = projected.event();
        if (event.trace().isOn()) {
            event.trace().with("polar.webhook_id", event.webhookId()).with("polar.event_type", event.type())
                    .with("polar.outcome", projected.outcome().metricLabel()).end();
        }
        if (projected.outcome() == EventOutcome.PARKED) {
            ParkReason.of(event.reading()).ifPresent(reason -> LogFields.of(event.webhookId(), null, event.trace(),
                    () -> Log.warnf("Event %s %s is parked as %s: %s. Read it with "
                            + "GET /api/v1/polar/ops/parked/%s; docs/parked.md says what to do", event.webhookId(),
                            event.type() == null ? "without a type" : "of type " + event.type(),
                            reason.kind().wireName(), reason.detail(), event.webhookId())));
        } else if (Log.isDebugEnabled()) {
            LogFields.of(event.webhookId(), null, event.trace(), () -> Log.debugf("Event %s of type %s: %s",
                    event.webhookId(), event.type(), projected.outcome()));
        }
    }

    private interface Work {
        List<Projected> in(OpenTransaction transaction);
    }
}
