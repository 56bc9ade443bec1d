package dev.plinto.polar.polar.api;

import dev.plinto.polar.postgres.DatabaseAway;
import io.quarkus.logging.Log;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;

/// Limits the requests of all replicas to Polar, so that together they stay below what Polar accepts. They leave
/// evenly, after a first burst; calls for organizations go before reconciliation; while Polar wants no requests, none
/// leaves. Why not a library's rate limit: docs/adr/0018.
///
/// While the database is away, each replica counts alone, with a part of the whole.
@ApplicationScoped
class RequestBudget {

    /// How long the database may take for a permit.
    static final Duration LIMIT = Duration.ofSeconds(2);

    /// Four replicas that count alone send no more than all of them together may.
    private static final int ALONE = 4;
    private static final Duration AWAY = Duration.ofSeconds(10);

    private final Permits shared;
    private final Permits alone;
    private final LongSupplier nanoTime;
    private final Sleep sleep;
    private volatile boolean away;
    private volatile long askAgainAt;

    interface Sleep {
        void during(Duration time) throws InterruptedException;
    }

    @Inject
    RequestBudget(Pool pool, PolarConfig config) {
        this(new SharedPermits(pool, Rate.perMinute(config.api().requestsPerMinute()), LIMIT),
                new LocalPermits(Rate.perMinute(Math.max(1, config.api().requestsPerMinute() / ALONE)),
                        System::nanoTime),
                System::nanoTime, Thread::sleep);
    }

    RequestBudget(Permits shared, Permits alone, LongSupplier nanoTime, Sleep sleep) {
        this.shared = shared;
        this.alone = alone;
        this.nanoTime = nanoTime;
        this.sleep = sleep;
    }

    /// Waits until one more request may leave; or returns for how long none may, if that is longer than this one may
    /// wait.
    Optional<Duration> take(Purpose purpose) throws InterruptedException {
        return take(purpose, permit(purpose));
    }

    /// The same, for who has asked for a permit once.
    ///
    /// @param asked for how long there was none; empty if it was taken
    Optional<Duration> take(Purpose purpose, Optional<Duration> asked) throws InterruptedException {
        Duration waited = Duration.ZERO;
        Optional<Duration> wait = asked;
        while (wait.isPresent() && purpose.maySpend(waited.plus(wait.get()))) {
            sleep.during(wait.get());
            waited = waited.plus(wait.get());
            wait = permit(purpose);
        }
        return wait;
    }

    /// No request of any replica leaves before this time is over, not even one that waits for its turn already.
    void pause(Duration time) throws InterruptedException {
        alone.close(time); // also in case the database goes away
        unlessAway(() -> {
            shared.close(time);
            return Optional.empty();
        });
    }

    private Optional<Duration> permit(Purpose purpose) throws InterruptedException {
        return unlessAway(() -> Optional.of(shared.take(purpose))).orElseGet(() -> alone.take(purpose));
    }

    private interface Asked<T> {
        Optional<T> answer();
    }

    /// Empty while the database is away; it is asked again some time after it did not answer.
    private <T> Optional<T> unlessAway(Asked<T> asked) throws InterruptedException {
        if (away && nanoTime.getAsLong() - askAgainAt < 0) {
            return Optional.empty();
        }
        try {
            Optional<T> answer = asked.answer();
            if (away) {
                away = false;
                Log.info("The database counts the requests to Polar again");
            }
            return answer;
        } catch (RuntimeException failure) {
            if (failure instanceof CompletionException && failure.getCause() instanceof InterruptedException) {
                Thread.interrupted(); // said by the exception instead
                throw (InterruptedException) new InterruptedException().initCause(failure);
            }
            if (!DatabaseAway.isCauseOf(failure)) {
                throw failure;
            }
            askAgainAt = nanoTime.getAsLong() + AWAY.toNanos();
            if (!away) {
                away = true;
                Log.warnf(
                        "The database does not count the requests to Polar (%s). Until it does, this replica sends at "
                                + "most a quarter of POLAR_API_REQUESTS_PER_MINUTE",
                        DatabaseAway.describe(failure));
            }
            return Optional.empty();
        }
    }
}
