package dev.plinto.polar.sandbox.polar.live;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/// Wakes the simulated Polar when something is due, so that it also happens when nobody asks.
@ApplicationScoped
class PassTime {

    private static final Logger LOG = Logger.getLogger(PassTime.class);
    /// A timer stands still while the machine sleeps.
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

    private final Vertx vertx;
    private final SandboxPolar polar;
    private final AtomicLong timer = new AtomicLong(-1);
    private volatile boolean stopped;

    PassTime(Vertx vertx, SandboxPolar polar) {
        this.vertx = vertx;
        this.polar = polar;
    }

    void start(@Observes StartupEvent event) {
        polar.onNext(this::wake);
        wake();
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
        vertx.cancelTimer(timer.get());
    }

    private void wake() {
        if (!stopped) {
            vertx.executeBlocking(this::untilNextWake, false).onComplete(this::sleep, failure -> {
                LOG.error("What is due at the sandbox's Polar has not happened", failure);
                sleep(LONGEST_SLEEP);
            });
        }
    }

    private Duration untilNextWake() {
        return polar.untilNextDue().filter(time -> time.compareTo(LONGEST_SLEEP) < 0).orElse(LONGEST_SLEEP);
    }

    private void sleep(Duration time) {
        long next = vertx.setTimer(Math.max(1, time.toMillis()), woken -> wake());
        vertx.cancelTimer(timer.getAndSet(next));
    }
}
