package dev.plinto.polar.privacy;

import dev.plinto.polar.ErasureStep;
import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.privacy.ErasureStore.Attempt;
import dev.plinto.polar.privacy.ErasureStore.DueStep;
import dev.plinto.polar.telemetry.LastingThreads;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Takes the steps of accepted erasures. Every replica with the role api does it, each another erasure; what a replica
/// leaves undone when it is killed, another one does after the lease. A step that is begun twice ends as if it had been
/// begun once.
@ApplicationScoped
class CarryOutErasures {

    private static final Duration PERIOD = Duration.ofSeconds(1);
    /// Longer than a part of any step takes.
    private static final Duration LEASE = Duration.ofMinutes(2);
    /// For what others must do first, such as a provider's events that must come in.
    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final int MOST_DOUBLINGS = 10;

    private final Pool pool;
    private final ErasureSteps steps;
    private final Roles roles;
    private @Nullable ScheduledExecutorService thread;

    CarryOutErasures(Pool pool, ErasureSteps steps, Roles roles) {
        this.pool = pool;
        this.steps = steps;
        this.roles = roles;
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.API)) {
            thread = LastingThreads.scheduler("erasures");
            thread.scheduleWithFixedDelay(this::goOnOrRetryLater, PERIOD.toMillis(), PERIOD.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    private void goOnOrRetryLater() {
        try {
            Optional<Attempt> due = take();
            while (due.isPresent()) {
                goOn(due.get());
                due = take();
            }
        } catch (RuntimeException failure) {
            Log.warnf("Cannot see which erasures are due; retrying in %d s: %s", PERIOD.toSeconds(),
                    DatabaseAway.describe(failure));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Attempt> take() {
        return ErasureStore.inOne(pool, store -> store.take(LEASE));
    }

    /// Step by step, until all are done or one is not.
    private void goOn(Attempt attempt) throws InterruptedException {
        Optional<DueStep> due = next(attempt);
        while (due.isPresent()) {
            DueStep step = due.get();
            Optional<String> outcome = take(step, attempt);
            if (outcome.isEmpty()) {
                return;
            }
            ErasureStore.inOne(pool, store -> {
                store.done(attempt.erasure(), step, outcome.get(), LEASE);
                return null;
            });
            due = next(attempt);
        }
        ErasureStore.inOne(pool, store -> {
            store.complete(attempt.erasure());
            return null;
        });
        Log.infof("Erasure %s is complete", attempt.erasure());
    }

    private Optional<DueStep> next(Attempt attempt) {
        return ErasureStore.inOne(pool, store -> store.nextStep(attempt.erasure()));
    }

    /// Empty if it is tried again later.
    private Optional<String> take(DueStep due, Attempt attempt) throws InterruptedException {
        Optional<ErasureStep> step = steps.find(due.name());
        if (step.isEmpty()) {
            retry(attempt, LONGEST_WAIT, "this release does not know the step \"" + due.name() + "\"");
            return Optional.empty();
        }
        try {
            Optional<String> outcome = step.get().take(attempt.subject());
            if (outcome.isEmpty()) {
                retry(attempt, WAIT, null);
            }
            return outcome;
        } catch (PolarFailure failure) {
            report(attempt, due, String.valueOf(failure.getMessage()));
        } catch (RuntimeException failure) {
            if (!DatabaseAway.isCauseOf(failure)) {
                Log.errorf(failure, "Erasure %s does not get past \"%s\" by a fault of this service",
                        attempt.erasure(), due.name());
            }
            report(attempt, due, DatabaseAway.isCauseOf(failure)
                    ? DatabaseAway.describe(failure)
                    : "a fault of this service; its log says more");
        }
        return Optional.empty();
    }

    private void report(Attempt attempt, DueStep step, String trouble) {
        Log.warnf("Erasure %s does not get past \"%s\", and is tried again: %s", attempt.erasure(), step.name(),
                trouble);
        retry(attempt, waitAfter(attempt.number()), trouble);
    }

    private void retry(Attempt attempt, Duration wait, @Nullable String trouble) {
        ErasureStore.inOne(pool, store -> {
            store.retry(attempt.erasure(), wait, trouble);
            return null;
        });
    }

    private static Duration waitAfter(int attempt) {
        Duration wait = PERIOD.multipliedBy(1L << Math.min(attempt, MOST_DOUBLINGS));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }
}
