package dev.plinto.polar.projection;

import dev.plinto.polar.Erased;
import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.entitlement.EventReading;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.projection.KeptEvents.Place;
import dev.plinto.polar.telemetry.LastingThreads;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Applies kept events again that a release before this one applied, for what it did not read in them: after an
/// upgrade, and for as long as replicas of that release still run. One replica at a time does it, beside the
/// projection. An event is marked in the transaction in which it is applied, so that a successor goes on where this
/// ended; one that cannot be applied is marked too, and not tried again.
@ApplicationScoped
class ReadKeptEventsAgain {

    private static final int EVENTS = 100;
    private static final int FAILURES_BEFORE_HALVING = 3;
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration REPORTS = Duration.ofMinutes(1);

    private final Transactions transactions;
    private final RetryUntilDone retry;
    private final Partitions partitions;
    private final InstantSource clock;
    private final EventReading reader;
    private final Erased erased;
    private final Roles roles;
    private @Nullable ScheduledExecutorService poll;
    /// Later ones are those of replicas that are not replaced yet, a few at a time.
    private boolean isFirst = true;

    ReadKeptEventsAgain(Transactions transactions, RetryUntilDone retry, Partitions partitions, InstantSource clock,
            EventReading reader, Erased erased, Roles roles) {
        this.transactions = transactions;
        this.retry = retry;
        this.partitions = partitions;
        this.clock = clock;
        this.reader = reader;
        this.erased = erased;
        this.roles = roles;
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.PROJECTION)) {
            poll = LastingThreads.scheduler("read kept events again");
            poll.scheduleWithFixedDelay(this::readOrRetryLater, 0, PERIOD.toSeconds(), TimeUnit.SECONDS);
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        if (poll != null) {
            poll.shutdownNow();
        }
    }

    private void readOrRetryLater() {
        try {
            readAll();
        } catch (RuntimeException failure) {
            if (!retry.isStopping()) {
                Log.warnf("Cannot read kept events again; trying again in %d s: %s", PERIOD.toSeconds(),
                        DatabaseFailure.describe(failure));
            }
        }
    }

    /// Returns when none is left, or while another replica reads them.
    void readAll() {
        Optional<Batch> batch = read(Place.START, EVENTS);
        if (batch.isEmpty() || batch.get().events.isEmpty()) {
            return;
        }
        if (isFirst) {
            Log.info("Reading the events again that the release before this one applied, since this one reads more in "
                    + "them. Calls that need it answer not-ready until that is done");
        }
        long total = 0;
        long report = System.nanoTime() + REPORTS.toNanos();
        int limit = EVENTS;
        while (batch.isPresent() && !batch.get().events.isEmpty()) {
            total += batch.get().events.size();
            limit = Math.min(EVENTS, batch.get().limit * 2);
            Place last = batch.get().last();
            if (isFirst && System.nanoTime() - report > 0) {
                report += REPORTS.toNanos();
                Log.infof("%d events are read again, up to those received at %s", total, last.receivedAt());
            }
            batch = retry.isStopping() ? Optional.empty() : read(last, limit);
        }
        if (batch.isPresent() && isFirst) {
            isFirst = false;
            Log.infof("All events that the release before this one applied are read again; this replica read %d",
                    total);
        }
    }

    /// @param limit with which they were read
    private record Batch(List<KeptEvent> events, int limit) {

        Place last() {
            return new Place(events.getLast().receivedAt(), events.getLast().webhookId());
        }
    }

    /// Empty while it is another replica's turn.
    private Optional<Batch> read(Place after, int most) {
        for (int limit = most;; limit /= 2) {
            try {
                return inOne(after, limit, limit > 1 ? FAILURES_BEFORE_HALVING : 0, this::apply);
            } catch (RuntimeException failure) {
                if (!(failure instanceof BatchTooLarge) && DatabaseFailure.isTransient(failure)) {
                    throw failure;
                }
                if (limit == 1) {
                    return inOne(after, 1, 0, (transaction, events) -> giveUp(events, failure));
                }
            }
        }
    }

    private interface Work {
        List<Projected> in(OpenTransaction transaction, List<KeptEvent> events);
    }

    private Optional<Batch> inOne(Place after, int limit, int failures, Work work) {
        return retry.untilDone("Reading kept events again", failures, () -> {
            partitions.createAhead(clock.instant());
            // Before: like the projection, the transaction comes to the inbox last, also in the eyes of a migration.
            List<KeptEvent> events = transactions.inOne(transaction -> new KeptEvents(transaction).after(after, limit));
            return transactions.inOne(transaction -> {
                KeptEvents kept = new KeptEvents(transaction);
                if (!events.isEmpty()) {
                    if (!kept.takeTurn()) {
                        return Optional.empty();
                    }
                    kept.mark(events, work.in(transaction, events));
                }
                return Optional.of(new Batch(events, limit));
            });
        });
    }

    private List<Projected> apply(OpenTransaction transaction, List<KeptEvent> events) {
        List<ReceivedEvent> more = new ArrayList<>();
        for (KeptEvent event : events) {
            ReceivedEvent received = event.read(reader);
            if (received == null) {
                continue;
            }
            if (event.saysMore(received.reading())) {
                more.add(received);
            } else if (received.reading() instanceof Reading.Malformed malformed) {
                Log.warnf("Event %s of type %s says more than the release before read, but not in a form that this "
                        + "one understands: %s. Reconciliation reads the object from Polar, if it lists it",
                        event.webhookId(), malformed.type(), malformed.detail());
            }
        }
        return more.isEmpty()
                ? List.of()
                : new Projection(transaction, erased, clock.instant(), BatchBounds.USUAL).projectAgain(more);
    }

    private static List<Projected> giveUp(List<KeptEvent> events, RuntimeException failure) {
        events.forEach(event -> Log.errorf("Event %s cannot be applied again: %s. What it says beyond what the release "
                + "before applied is missing until a newer event says it, or reconciliation reads it from Polar",
                event.webhookId(), DatabaseFailure.describe(failure)));
        return List.of();
    }
}
