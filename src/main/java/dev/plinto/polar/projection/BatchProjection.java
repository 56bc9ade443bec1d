package dev.plinto.polar.projection;

import dev.plinto.polar.Erased;
import dev.plinto.polar.telemetry.LogFields;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;

/// Projects events in one transaction, or in several if that fails: an event that is at fault does not block the
/// others, and no batch is too large.
@ApplicationScoped
class BatchProjection {

    private static final int FAILURES_BEFORE_HALVING = 3;
    /// So that customers who are too large together are soon apart. The order in which events are applied does not
    /// matter for the state; those of one customer keep theirs.
    private static final Comparator<ReceivedEvent> BY_CUSTOMER = Comparator.comparing(ReceivedEvent::subject,
            Comparator.nullsFirst(Comparator.naturalOrder()));

    private final Transactions transactions;
    private final RetryUntilDone retry;
    private final InstantSource clock;
    private final Partitions partitions;
    private final ProjectionMetrics metrics;
    private final BatchBounds bounds;
    private final Erased erased;

    @Inject
    BatchProjection(Transactions transactions, RetryUntilDone retry, InstantSource clock, Partitions partitions,
            ProjectionMetrics metrics, Erased erased) {
        this(transactions, retry, clock, partitions, metrics, erased, BatchBounds.USUAL);
    }

    BatchProjection(Transactions transactions, RetryUntilDone retry, InstantSource clock, Partitions partitions,
            ProjectionMetrics metrics, Erased erased, BatchBounds bounds) {
        this.transactions = transactions;
        this.retry = retry;
        this.clock = clock;
        this.partitions = partitions;
        this.metrics = metrics;
        this.erased = erased;
        this.bounds = bounds;
    }

    /// Returns after the commit, and waits without limit for a database that is away.
    void project(List<ReceivedEvent> events, Positions position) {
        try {
            commit(events.size() > 1 ? FAILURES_BEFORE_HALVING : 0, transaction -> {
                position.save(transaction);
                return project(transaction, events);
            });
        } catch (RuntimeException failed) {
            requireHalves(failed, events.size());
            projectHalves(events.stream().sorted(BY_CUSTOMER).toList());
            commit(0, transaction -> {
                position.save(transaction);
                return Done.NOTHING;
            });
        }
    }

    /// Down to the single event: one that is at fault delays few others, and no size is too large.
    private void projectHalves(List<ReceivedEvent> events) {
        if (events.size() <= 1) {
            events.forEach(this::projectOrPark);
            return;
        }
        int half = events.size() / 2;
        for (List<ReceivedEvent> part : List.of(events.subList(0, half), events.subList(half, events.size()))) {
            try {
                commit(part.size() > 1 ? 1 : 0, transaction -> project(transaction, part));
            } catch (RuntimeException failed) {
                requireHalves(failed, part.size());
                projectHalves(part);
            }
        }
    }

    private Done project(OpenTransaction transaction, List<ReceivedEvent> events) {
        DueReadStore.ask(transaction, events, clock.instant());
        Projection projection = new Projection(transaction, erased, clock.instant(), bounds);
        return new Done(projection.project(events), projection.endedCheckouts());
    }

    /// Rethrows a failure that is no reason to halve: the service is stopping.
    private static void requireHalves(RuntimeException failure, int events) {
        if (failure instanceof BatchTooLarge) {
            Log.infof("A batch of %d events is projected in halves: %s", events, failure.getMessage());
            return;
        }
        requireCausedByEvent(failure);
        Log.warnf("A batch of %d events could not be projected; projecting it in halves: %s", events,
                DatabaseFailure.describe(failure));
    }

    private void projectOrPark(ReceivedEvent event) {
        try {
            commit(0, transaction -> project(transaction, List.of(event)));
        } catch (RuntimeException causedByEvent) {
            requireCausedByEvent(causedByEvent);
            ParkReason reason = ParkReason.failed(causedByEvent);
            Projected result = commit(0, transaction -> new Done(List.of(
                    new InboxStore(transaction, clock.instant()).parkFailed(event, reason, erased)), List.of()))
                    .getFirst();
            if (result.outcome() == EventOutcome.PARKED) {
                LogFields.of(event.webhookId(), null, event.trace(), () -> Log.errorf("Event %s is parked: %s. Once "
                        + "the cause is fixed, replay it: POST /api/v1/polar/ops/parked/%s/replay, see docs/parked.md",
                        event.webhookId(), reason.detail(), event.webhookId()));
            }
        }
    }

    /// Rethrows a transient failure: the service is stopping, which is no reason to park an event.
    private static void requireCausedByEvent(RuntimeException failure) {
        if (DatabaseFailure.isTransient(failure)) {
            throw failure;
        }
    }

    private List<Projected> commit(int most, Work work) {
        // Fails only through an event's fault, or while stopping; meanwhile the backlog waits in Kafka.
        Done done = retry.untilDone("Projection", most, () -> {
            partitions.createAhead(clock.instant());
            try {
                return transactions.inOne(work::in);
            } catch (RuntimeException failed) {
                partitions.recheck();
                throw failed;
            }
        });
        metrics.count(done.projected, clock.instant());
        metrics.count(done.endedCheckouts);
        done.projected.forEach(BatchProjection::report);
        return done.projected;
    }

    private static void report(Projected projected) {
        ReceivedEvent event = projected.event();
        if (event.trace().isOn()) {
            event.trace().with("polar.webhook_id", event.webhookId()).with("polar.event_type", event.type())
                    .with("polar.outcome", projected.outcome().metricLabel()).end();
        }
        if (projected.deniedExternalId()) {
            LogFields.of(event.webhookId(), null, event.trace(), () -> Log.warnf("Event %s of type %s says that a "
                    + "customer who is linked to an organization has no external_id; the customer stays linked",
                    event.webhookId(), event.type()));
        }
        if (projected.outcome() == EventOutcome.PARKED) {
            ParkReason.of(event.reading()).ifPresent(reason -> LogFields.of(event.webhookId(), null, event.trace(),
                    () -> Log.warnf("Event %s %s is parked as %s: %s. Read it with "
                            + "GET /api/v1/polar/ops/parked/%s; docs/parked.md says what to do", event.webhookId(),
                            event.type() == null ? "without a type" : "of type " + event.type(),
                            reason.kind().wireName(), reason.detail(), event.webhookId())));
        } else if (projected.outcome() == EventOutcome.CONFLICT) {
            LogFields.of(event.webhookId(), null, event.trace(), () -> Log.warnf("An event with the webhook id %s came "
                    + "with another body than the one that is stored, and changed nothing. Compare both with "
                    + "GET /api/v1/polar/ops/events/%s; docs/parked.md says what to do", event.webhookId(),
                    event.webhookId()));
        } else if (Log.isDebugEnabled()) {
            LogFields.of(event.webhookId(), null, event.trace(), () -> Log.debugf("Event %s of type %s: %s",
                    event.webhookId(), event.type(), projected.outcome()));
        }
    }

    /// What a transaction did, to be counted once it is committed.
    private record Done(List<Projected> projected, List<CheckoutOutcome> endedCheckouts) {

        static final Done NOTHING = new Done(List.of(), List.of());
    }

    private interface Work {
        Done in(OpenTransaction transaction);
    }
}
