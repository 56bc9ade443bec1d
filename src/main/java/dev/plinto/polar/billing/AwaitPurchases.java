package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.billing.Waiters.Waiter;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.postgres.Signals;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Lets requests wait until what was bought by a checkout counts. Who waits costs no thread, and no statement: one look
/// at the database serves all of this replica. A look follows each signal of the projection, and some seconds without
/// one, since a signal may be lost. While nobody waits, there are no looks, and nothing listens.
@ApplicationScoped
class AwaitPurchases {

    private static final int MOST_OF_ORGANIZATION = 20;
    private static final int RETRY_AFTER_SECONDS = 5;

    /// The scheduler takes nothing shorter.
    private static final Duration SOON = Duration.ofMillis(1);
    /// Between two looks, whatever is signalled.
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    /// How many times longer than a look the pause after it is at least: looks take a fifth of the time at most.
    private static final int PAUSE_FACTOR = 4;
    private static final Duration WITHOUT_SIGNAL = Duration.ofSeconds(2);
    /// After which the webhooks of a purchase are late.
    private static final Duration LATE = Duration.ofSeconds(5);

    private final PurchaseQueries purchases;
    private final ReadLatePurchases late;
    private final InstantSource clock;
    private final Signals signals;
    private final Waiters waiters = new Waiters(MOST_OF_ORGANIZATION);
    private volatile boolean stopping;

    // Guarded by this object's lock.
    private @Nullable ScheduledFuture<?> next;
    private long nextAt;
    private long earliest = System.nanoTime();
    private boolean looking;
    private boolean signalled;
    private boolean beginsToListen;

    AwaitPurchases(PurchaseQueries purchases, ReadLatePurchases late, InstantSource clock, Pool pool) {
        this.purchases = purchases;
        this.late = late;
        this.clock = clock;
        // An entitlement that changes has a message in the outbox, and therefore the signal of that.
        this.signals = new Signals(pool, List.of("outbox", "purchases"), this::lookSoon);
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        stop();
    }

    /// Nobody waits any more: whoever does is answered with what is known.
    private void stop() {
        stopping = true;
        waiters.all().forEach(Waiter::answer);
        signals.stop();
    }

    /// The purchase once it is not pending any more, or as it is known when the wait is over. Fails with the problem
    /// `too-many-requests` if 20 requests of the organization wait already.
    Uni<Purchase> await(Purchase known, String organization, Duration wait) {
        return Uni.createFrom().emitter(client -> {
            Waiter waiter = new Waiter(known, organization, client);
            client.onTermination(() -> waiters.remove(waiter)); // it is answered, or the client has left
            if (known.activation() == Purchase.Activation.PENDING && isLate(known)) {
                late.read(List.of(known)); // also for who does not wait
            }
            if (stopping || wait.isZero() || known.activation() != Purchase.Activation.PENDING) {
                waiter.answer();
            } else if (!waiters.add(waiter)) {
                waiter.fail(tooMany());
            } else {
                waiter.endsBy(Infrastructure.getDefaultWorkerPool()
                        .schedule(() -> end(waiter), wait.toNanos(), TimeUnit.NANOSECONDS));
                lookSoon(); // at what was committed since it was read
            }
        });
    }

    private void end(Waiter waiter) {
        waiter.answer();
        waiters.remove(waiter); // also if the client had left before it was added
    }

    private synchronized void lookSoon() {
        if (looking) {
            signalled = true;
        } else {
            lookAt(earliest);
        }
    }

    private synchronized void lookAt(long nanoTime) {
        if (stopping || next != null && nextAt - nanoTime <= 0) {
            return;
        }
        if (next != null) {
            next.cancel(false);
        }
        nextAt = nanoTime;
        next = Infrastructure.getDefaultWorkerPool()
                .schedule(this::look, Math.max(SOON.toNanos(), nanoTime - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void look() {
        if (ApplicationLifecycleManager.isVmShuttingDown()) { // before the requests that are under way have ended
            stop();
        }
        synchronized (this) {
            next = null;
            if (waiters.isEmpty()) {
                signals.stop();
                return;
            }
            looking = true;
            signalled = false;
        }
        listen();
        long began = System.nanoTime();
        purchases.find(waiters.checkouts()).subscribe().with(
                found -> looked(found, began),
                failure -> {
                    waiters.all().forEach(waiter -> waiter.fail(failure));
                    looked(Map.of(), began);
                });
    }

    private void looked(Map<String, Purchase> found, long began) {
        waiters.learn(found).forEach(Waiter::answer);
        late.read(waiters.late(LATE, this::isLate));
        long now = System.nanoTime();
        synchronized (this) {
            looking = false;
            earliest = now + Math.max(SHORTEST_PAUSE.toNanos(), PAUSE_FACTOR * (now - began));
            lookAt(signalled ? earliest : now + WITHOUT_SIGNAL.toNanos());
        }
    }

    /// Whether it succeeded some time ago. The success itself may be lost, too.
    private boolean isLate(Purchase purchase) {
        Instant told = purchase.toldAt();
        return purchase.hasSucceeded() && (told == null || told.plus(LATE).isBefore(clock.instant()));
    }

    /// Does not wait for it: looks go on without signals, too.
    private void listen() {
        synchronized (this) {
            if (beginsToListen || signals.isListening()) {
                return;
            }
            beginsToListen = true;
        }
        signals.listen().onTermination().invoke(this::begun).subscribe().with(
                listening -> lookSoon(), // at what was committed meanwhile
                failure -> Log.debugf("Cannot listen for signals of purchases; the next look tries again: %s",
                        DatabaseAway.describe(failure)));
    }

    private synchronized void begun() {
        beginsToListen = false;
    }

    private static WebApplicationException tooMany() {
        Problem problem = new Problem("too-many-requests", 429, "Too many requests of the organization wait",
                MOST_OF_ORGANIZATION + " requests wait for its purchases already. Send the request again after "
                        + "Retry-After.");
        return new WebApplicationException(problem.title(),
                problem.responseBuilder().header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS).build());
    }
}
