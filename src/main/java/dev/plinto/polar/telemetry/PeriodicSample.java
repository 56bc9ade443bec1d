package dev.plinto.polar.telemetry;

import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A value outside this process, sampled periodically by its own thread. Readers of the sample never wait for it, and
/// it stays correct while the thread that does the service's work hangs.
///
/// A sample that is too old is still [#last()], but no longer [#current()]: the value may have changed since.
public final class PeriodicSample<T> {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

    private final String name;
    private final Duration period;
    /// Longer than one or two samples that fail or take long.
    private final Duration maxAge;
    private final Source<T> source;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch firstAttempt = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Taken<T> newest;
    private long newestNanos; // of the last successful sample, or of the start
    private boolean reported;

    /// Reads the value. It may wait, but for a limited time, and throws if it cannot read; the sampling thread closes
    /// it.
    @FunctionalInterface
    public interface Source<T> extends AutoCloseable {

        T read() throws Exception;

        @Override
        default void close() {}
    }

    /// A failure whose message is logged as it stands, since it states what to do.
    public static final class Unreadable extends Exception {

        private static final long serialVersionUID = 1L;

        public Unreadable(String why) {
            super(why, null, false, false);
        }
    }

    private record Taken<T>(T value, long nanos) {}

    public PeriodicSample(String name, MetricsConfig config, Source<T> source) {
        this(name, config, 1, source);
    }

    /// @param periods how many configured periods lie between two samples, for one that is expensive
    public PeriodicSample(String name, MetricsConfig config, int periods, Source<T> source) {
        this.name = name;
        this.period = config.period().multipliedBy(periods);
        this.maxAge = Collections.max(List.of(config.maxAge(), period.multipliedBy(3)));
        this.source = source;
        this.thread = LastingThreads.unstarted("sample " + name, this::run);
    }

    public void start() {
        thread.start();
    }

    /// Returns when the sampling thread has ended, after 3 s at the latest.
    public void stop() throws InterruptedException {
        stopped.countDown();
        thread.interrupt();
        if (thread.isAlive()) { // not if the start of the service failed before
            thread.join(STOP_LIMIT);
        }
    }

    /// Empty until the first successful sample.
    public Optional<T> last() {
        return Optional.ofNullable(newest).map(Taken::value);
    }

    /// Empty also if the last successful sample is older than three periods and than `POLAR_METRICS_MAX_AGE`.
    public Optional<T> current() {
        return Optional.ofNullable(newest)
                .filter(sample -> System.nanoTime() - sample.nanos < maxAge.toNanos())
                .map(Taken::value);
    }

    /// For readers right after the start: returns after the first attempt, successful or not, or after `atMost`.
    public void awaitFirst(Duration atMost) {
        try {
            firstAttempt.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        newestNanos = System.nanoTime();
        try (source) {
            do {
                takeSample();
                firstAttempt.countDown();
            } while (!stopped.await(period.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException stopping) {
            Log.debugf("Sampling of %s has stopped", name);
        }
    }

    /// A failed sample is followed by the next one.
    private void takeSample() throws InterruptedException {
        try {
            T value = source.read();
            newestNanos = System.nanoTime();
            newest = new Taken<>(value, newestNanos);
            if (reported) {
                reported = false;
                Log.infof("Can read %s again", name);
            }
        } catch (InterruptedException stopping) {
            throw stopping;
        } catch (LinkageError failure) {
            if (stopped.getCount() > 0) {
                throw failure;
            } // else dev mode has closed the class loader already
        } catch (Exception failure) {
            boolean outdated = System.nanoTime() - newestNanos > maxAge.toNanos();
            if (!reported && outdated && stopped.getCount() > 0) { // once, not at each failure
                reported = true;
                Log.warnf("Cannot read %s; its metrics are NaN until it recovers: %s", name,
                        failure instanceof Unreadable ? failure.getMessage() : failure.toString());
            }
        }
    }
}
