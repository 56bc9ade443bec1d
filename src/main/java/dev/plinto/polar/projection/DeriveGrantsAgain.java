package dev.plinto.polar.projection;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.telemetry.LastingThreads;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Carries out what a changed product or benefit means for the purchases of which grants are derived: a slice of them
/// in each transaction, beside the projection, so that nobody waits for all of them. One replica at a time does it for
/// a product; a successor goes on behind the last slice that was committed.
@ApplicationScoped
class DeriveGrantsAgain {

    private static final int PURCHASES = 50;
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Transactions transactions;
    private final RetryUntilDone retry;
    private final Partitions partitions;
    private final InstantSource clock;
    private final Roles roles;
    private @Nullable ScheduledExecutorService poll;
    private RedefinedProducts.@Nullable Slice attempted;

    DeriveGrantsAgain(Transactions transactions, RetryUntilDone retry, Partitions partitions, InstantSource clock,
            Roles roles) {
        this.transactions = transactions;
        this.retry = retry;
        this.partitions = partitions;
        this.clock = clock;
        this.roles = roles;
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.PROJECTION)) {
            poll = LastingThreads.scheduler("derive grants again");
            poll.scheduleWithFixedDelay(this::deriveOrRetryLater, PERIOD.toMillis(), PERIOD.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        if (poll != null) {
            poll.shutdownNow();
        }
    }

    private void deriveOrRetryLater() {
        try {
            deriveAll();
        } catch (RuntimeException failure) {
            if (!retry.isStopping()) {
                Log.warnf("Cannot derive the grants of a changed product again; trying again in %d s: %s",
                        PERIOD.toSeconds(), DatabaseFailure.describe(failure));
            }
        }
    }

    /// Returns when nothing is due, or while other replicas do it.
    void deriveAll() {
        int limit = PURCHASES;
        while (!retry.isStopping()) {
            try {
                if (!deriveNext(limit)) {
                    return;
                }
                limit = Math.min(PURCHASES, limit * 2);
            } catch (RuntimeException failure) {
                if (!(failure instanceof BatchTooLarge) && DatabaseFailure.isTransient(failure)) {
                    throw failure;
                }
                if (limit == 1) {
                    giveUp(failure);
                }
                limit = Math.max(1, limit / 2);
            }
        }
    }

    /// @return whether there was something to do
    private boolean deriveNext(int limit) {
        Instant now = clock.instant();
        partitions.createAhead(now);
        return transactions.inOne(transaction -> {
            RedefinedProducts due = new RedefinedProducts(transaction);
            Optional<RedefinedProducts.Slice> next = due.next(limit);
            attempted = next.orElse(null);
            next.ifPresent(slice -> {
                if (slice.size() > 0) {
                    derive(transaction, slice, now);
                }
                due.done(slice);
            });
            return next.isPresent();
        });
    }

    /// One purchase that is at fault holds up no other, nor the products behind it.
    private void giveUp(RuntimeException failure) {
        RedefinedProducts.Slice failed = Objects.requireNonNull(attempted, "nothing was attempted");
        boolean isGivenUp = transactions.inOne(transaction -> {
            RedefinedProducts due = new RedefinedProducts(transaction);
            Optional<RedefinedProducts.Slice> same = due.next(1).filter(failed::isSameAs);
            same.ifPresent(due::done);
            return same.isPresent();
        });
        if (isGivenUp) {
            Log.errorf("The grants of %s cannot be derived again: %s. It keeps what its product gave before, until "
                    + "it is told of again", failed.last(), DatabaseFailure.describe(failure));
        }
    }

    private static void derive(OpenTransaction transaction, RedefinedProducts.Slice slice, Instant now) {
        boolean canHalve = slice.size() > 1;
        BatchBounds bounds = BatchBounds.USUAL;
        PublishedSubscriptions published = new PublishedSubscriptions();
        LedgerStore store = new LedgerStore(transaction, published);
        LedgerStore.Locked locked = store.lockStored(
                MentionedIds.ofPurchases(slice.subscriptions(), slice.orders()),
                canHalve ? bounds.rows() : LedgerStore.ANY_NUMBER);
        Ledger ledger = store.load(locked);
        BatchEffort effort = new BatchEffort(bounds, canHalve);
        BatchMessages told = new BatchMessages(transaction, store, published, now);
        told.add(List.of(new BatchMessages.Part(slice.cause(), ledger.decideAgain(), null)), locked, effort);
        new LedgerChanges(transaction, ledger, published).save();
        told.save();
    }
}
