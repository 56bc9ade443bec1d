package dev.plinto.polar.usage;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.polar.api.FailureReason;
import dev.plinto.polar.polar.api.PolarConfig;
import dev.plinto.polar.polar.api.PolarEvents;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.postgres.RenewedLease;
import dev.plinto.polar.telemetry.LastingThreads;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Sends the events that were taken to Polar. Of all replicas one does, by a lease in the database, which only saves
/// work: Polar takes each id once, and what it has taken is counted once, whoever sends it.
@ApplicationScoped
class SendUsage {

    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofSeconds(3);
    /// Polar may refuse a request seven times, each time for 10 minutes.
    private static final Duration LONGEST_STEP = Duration.ofHours(2);

    /// Of what Polar allows this service, the rest is for users and reconciliation.
    private static final int MOST_PER_MINUTE = 120;
    private static final double PART = 0.8;
    /// While no whole batch is due.
    private static final Duration GATHERING = Duration.ofSeconds(1);

    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 6;

    private final Pool pool;
    private final PolarEvents polar;
    private final PolarConfig config;
    private final UsageMetrics metrics;
    private final Roles roles;
    private final InstantSource clock;

    private final RenewedLease lease;
    private final Duration interval;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = LastingThreads.unstarted("send usage", this::run);
    private @Nullable String reported;
    private int failures;

    SendUsage(Pool pool, PolarEvents polar, PolarConfig config, UsageMetrics metrics, Roles roles,
            InstantSource clock) {
        this.pool = pool;
        this.polar = polar;
        this.config = config;
        this.metrics = metrics;
        this.roles = roles;
        this.clock = clock;
        this.lease = new RenewedLease(pool, "usage_sender", LEASE, LONGEST_STEP, "usage");
        int perMinute = Math.clamp((long) (PART * config.api().requestsPerMinute()), 1, MOST_PER_MINUTE);
        this.interval = Duration.ofMinutes(1).dividedBy(perMinute);
    }

    void start(@Observes StartupEvent event) {
        if (!roles.include(Role.USAGE)) {
            return;
        }
        if (config.accessToken().isEmpty()) {
            Log.warn("This replica sends no usage to Polar, since it has no POLAR_ACCESS_TOKEN. What it takes is kept "
                    + "until a replica with a token sends it");
            return;
        }
        thread.start();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopped.countDown();
        thread.interrupt(); // it may wait for Polar
        if (thread.isAlive()) {
            thread.join(Duration.ofSeconds(5));
        }
        lease.end();
    }

    private void run() {
        Duration pause = Duration.ZERO;
        try {
            while (!stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = compete();
            }
        } catch (InterruptedException stopping) {
            Log.debug("Sending of usage has stopped");
        } finally {
            release();
        }
    }

    /// Sends for as long as this replica leads; returns for how long to wait before it tries to lead again. After a
    /// failure another replica may lead, since it may reach what this one does not.
    private Duration compete() throws InterruptedException {
        try {
            if (lease.take()) {
                lead();
            }
            return POLL;
        } catch (PolarFailure failure) {
            report(String.valueOf(failure.getMessage()));
            failures++;
            release();
            return waitAfter(failure.reason());
        } catch (RuntimeException failed) {
            if (Thread.interrupted()) { // while it waited for PostgreSQL
                throw (InterruptedException) new InterruptedException().initCause(failed);
            }
            report(failed);
            release();
            return POLL;
        }
    }

    private void lead() throws InterruptedException {
        UsageOutcomes outcomes = new UsageOutcomes(pool);
        Buyers buyers = new Buyers(pool, clock);
        UsageUpkeep upkeep = new UsageUpkeep(outcomes, buyers, metrics);
        UsageTurn turn = new UsageTurn(new FairBatches(new UsageQueue(pool)), buyers, polar, outcomes, metrics, clock);
        Duration pause = Duration.ZERO;
        while (!stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS) && lease.mayContinue()) {
            upkeep.next();
            pause = pauseAfter(turn);
        }
    }

    /// Takes one turn; returns for how long to wait until the next.
    private Duration pauseAfter(UsageTurn turn) throws InterruptedException {
        long begun = System.nanoTime();
        Duration pause = switch (turn.next()) {
            case NOTHING -> GATHERING;
            case NOTHING_SENT -> Duration.ZERO;
            case SENT_ALL -> recovered(GATHERING);
            case SENT_PART -> recovered(interval);
        };
        Duration rest = pause.minusNanos(System.nanoTime() - begun);
        return rest.isNegative() ? Duration.ZERO : rest;
    }

    private Duration recovered(Duration pause) {
        failures = 0;
        if (reported != null) {
            reported = null;
            Log.info("Polar takes usage again");
        }
        return pause;
    }

    /// What only an operator can change is tried again slowly.
    private Duration waitAfter(FailureReason reason) {
        return switch (reason) {
            case FailureReason.RateLimited limited -> atMost(limited.retryAfter());
            case FailureReason.OrganizationLimited limited -> atMost(limited.retryAfter());
            case FailureReason.Unreachable nobody -> doubled();
            case FailureReason.Unanswered nothing -> doubled();
            case FailureReason.Unreadable answer -> doubled();
            case FailureReason.UnusableField field -> doubled();
            case FailureReason.ServerFault fault -> doubled();
            case FailureReason.TokenNotAccepted token -> LONGEST_WAIT;
            case FailureReason.MissingScope token -> LONGEST_WAIT;
            case FailureReason.VersionGone version -> LONGEST_WAIT;
            case FailureReason.Redirected elsewhere -> LONGEST_WAIT;
            case FailureReason.OtherEnvironment other -> LONGEST_WAIT;
            case FailureReason.Refused refused -> LONGEST_WAIT;
        };
    }

    private Duration doubled() {
        return atMost(FIRST_WAIT.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS)));
    }

    private static Duration atMost(Duration wait) {
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    /// A lasting failure once.
    private void report(String failure) {
        if (!failure.equals(reported)) {
            reported = failure;
            Log.warnf("Usage cannot be sent to Polar. It is kept, and this is retried: %s", failure);
        }
    }

    private void report(RuntimeException failed) {
        if (DatabaseAway.isCauseOf(failed)) {
            report(DatabaseAway.describe(failed));
        } else if (!failed.toString().equals(reported)) {
            reported = failed.toString();
            Log.error("Usage cannot be sent to Polar, by a fault of this service. It is kept, and this is retried",
                    failed);
        }
    }

    private void release() {
        boolean isInterrupted = Thread.interrupted(); // else it would not wait for PostgreSQL
        try {
            lease.release();
        } catch (RuntimeException databaseAway) {
            Log.debug("Could not release the lease of sending usage; it expires by itself");
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
