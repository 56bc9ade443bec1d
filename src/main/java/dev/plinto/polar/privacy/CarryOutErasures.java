package dev.plinto.polar.privacy;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.conekta.api.ConektaFailure;
import dev.plinto.polar.ingress.RawTopic;
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
    /// For what others must do first, such as a provider's events that must come in.
    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final int MOST_DOUBLINGS = 10;

    private final Pool pool;
    private final ErasureSteps steps;
    private final Roles roles;
    private final ScheduledExecutorService renewals = LastingThreads.scheduler("erasures-lease");
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
        renewals.shutdownNow();
    }

    private void goOnOrRetryLater() {
        try {
            Optional<Attempt> due = take();
            while (due.isPresent()) {
                goOn(due.get());
                due = take();
            }
        } catch (RuntimeException failure) {
            if (Thread.currentThread().isInterrupted()) { // while it waited for PostgreSQL
                return;
            }
            Log.warnf("Cannot see which erasures are due; retrying in %d s: %s", PERIOD.toSeconds(),
                    DatabaseAway.describe(failure));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Attempt> take() {
        return ErasureStore.inOne(pool, store -> store.take(ErasureLease.TIME));
    }

    /// Step by step, until all are done or one is not.
    private void goOn(Attempt taken) throws InterruptedException {
        Attempt attempt = taken;
        Optional<DueStep> due = next(attempt);
        while (due.isPresent()) {
            DueStep step = due.get();
            Optional<String> outcome = take(step, attempt.on(step.subject()));
            if (outcome.isEmpty()) {
                return;
            }
            ErasureStore.inOne(pool, store -> {
                store.done(taken.erasure(), step, outcome.get(), ErasureLease.TIME);
                return null;
            });
            attempt = taken.atNextStep();
            due = next(attempt);
        }
        ErasureStore.inOne(pool, store -> {
            store.complete(taken.erasure());
            return null;
        });
        Log.infof("Erasure %s is complete", taken.erasure());
    }

    private Optional<DueStep> next(Attempt attempt) {
        return ErasureStore.inOne(pool, store -> store.nextStep(attempt));
    }

    /// Empty if it is tried again later.
    private Optional<String> take(DueStep due, Attempt attempt) throws InterruptedException {
        Optional<ErasureSteps.Step> step = steps.find(due.name());
        if (step.isEmpty()) {
            report(attempt, due, LONGEST_WAIT, "This release does not know the step. A replica of a newer release goes "
                    + "on with it; deploy one, unless one runs.");
            return Optional.empty();
        }
        try {
            Optional<String> outcome = take(step.get(), attempt);
            if (outcome.isEmpty()) {
                retry(attempt, WAIT, null);
            }
            return outcome;
        } catch (PolarFailure | ConektaFailure failure) {
            report(attempt, due, waitAfter(attempt.number()), String.valueOf(failure.getMessage()));
        } catch (RuntimeException failure) {
            if (Thread.currentThread().isInterrupted()) {
                throw failure;
            }
            report(attempt, due, waitAfter(attempt.number()), trouble(failure, attempt, due));
        }
        return Optional.empty();
    }

    private Optional<String> take(ErasureSteps.Step step, Attempt attempt) throws InterruptedException {
        ErasureLease lease = new ErasureLease(pool, attempt.erasure(), renewals);
        try {
            return step.take(attempt);
        } finally {
            lease.end();
        }
    }

    private static String trouble(RuntimeException failure, Attempt attempt, DueStep due) {
        if (DatabaseAway.isCauseOf(failure)) {
            return "The database did not answer, or was busy: " + DatabaseAway.describe(failure)
                    + ". If it lasts, check PostgreSQL.";
        }
        if (failure instanceof RawTopic.NotDurable) {
            return "Kafka took no event: " + failure.getMessage() + ". If it lasts, check the broker.";
        }
        Log.errorf(failure, "Erasure %s does not get past the step \"%s\" by a fault of this service",
                attempt.erasure(), due.name());
        return "A fault of this service. Its log has the cause, with the id of the erasure; report it.";
    }

    private void report(Attempt attempt, DueStep step, Duration wait, String trouble) {
        Log.warnf("Erasure %s does not get past the step \"%s\"; it is tried again in %d s. %s", attempt.erasure(),
                step.name(), wait.toSeconds(), trouble);
        retry(attempt, wait, trouble);
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
