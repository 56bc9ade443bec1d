package dev.plinto.polar.projection;

import dev.plinto.polar.telemetry.LogFields;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;

/// Projects events all together in one transaction, or one by one where one of them is at fault, so that it holds up
/// nobody else.
@ApplicationScoped
class BatchProjection {

    private final Transactions transactions;
    private final RetryUntilDone persistence;
    private final InstantSource clock;
    private final Partitions partitions;
    private final ProjectionMetrics metrics;

    BatchProjection(Transactions transactions, RetryUntilDone persistence, InstantSource clock, Partitions partitions,
            ProjectionMetrics metrics) {
        this.transactions = transactions;
        this.persistence = persistence;
        this.clock = clock;
        this.partitions = partitions;
        this.metrics = metrics;
    }

    /// Returns after the commit. A database that is away is waited for, however long.
    void project(List<ReceivedEvent> events, Positions position) {
        try {
            commit(transaction -> {
                position.save(transaction);
                return new Projection(transaction, clock.instant()).project(events);
            });
        } catch (RuntimeException causedByAnEvent) {
            requireCausedByEvent(causedByAnEvent);
            Log.warnf("A batch of %d events could not be projected, so its events are tried one by one: %s",
                    events.size(), DatabaseFailure.describe(causedByAnEvent));
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
        } catch (RuntimeException causedByIt) {
            requireCausedByEvent(causedByIt);
            ParkReason reason = ParkReason.failed(causedByIt);
            commit(transaction -> {
                new InboxStore(transaction, clock.instant()).park(List.of(new InboxStore.Parked(event, reason)));
                return List.of(new Projected(event, EventOutcome.PARKED));
            });
            LogFields.of(event.webhookId(), null, event.trace(), () -> Log.errorf("Event %s is parked: %s. Once the "
                    + "cause is mended, replay it: POST /api/v1/polar/ops/parked/%s/replay, see docs/parked.md",
                    event.webhookId(), reason.detail(), event.webhookId()));
        }
    }

    /// Else we are being stopped, and nothing may be parked for that.
    private static void requireCausedByEvent(RuntimeException failure) {
        if (DatabaseFailure.isTransient(failure)) {
            throw failure;
        }
    }

    private void commit(Work work) {
        // Fails only by the fault of an event; the backlog waits in Kafka meanwhile.
        List<Projected> projected = persistence.untilDone("Projection", () -> {
            partitions.cover(clock.instant());
            try {
                return transactions.inOne(work::in);
            } catch (RuntimeException failed) {
                partitions.recheck();
                throw failed;
            }
        });
        metrics.count(projected, clock.instant());
        projected.forEach(BatchProjection::tell);
    }

    private static void tell(Projected one) {
        ReceivedEvent event = one.event();
        if (event.trace().isOn()) {
            event.trace().with("polar.webhook_id", event.webhookId()).with("polar.event_type", event.type())
                    .with("polar.outcome", one.outcome().counted()).end();
        }
        if (one.outcome() == EventOutcome.PARKED) {
            ParkReason.of(event.reading()).ifPresent(reason -> LogFields.of(event.webhookId(), null, event.trace(),
                    () -> Log.warnf("Event %s %s is parked as %s: %s. See it by "
                            + "GET /api/v1/polar/ops/parked/%s, and docs/parked.md for what to do", event.webhookId(),
                            event.type() == null ? "without a type" : "of type " + event.type(),
                            reason.kind().wireName(), reason.detail(), event.webhookId())));
        } else if (Log.isDebugEnabled()) {
            LogFields.of(event.webhookId(), null, event.trace(), () -> Log.debugf("Event %s of type %s: %s",
                    event.webhookId(), event.type(), one.outcome()));
        }
    }

    private interface Work {
        List<Projected> in(OpenTransaction transaction);
    }
}
