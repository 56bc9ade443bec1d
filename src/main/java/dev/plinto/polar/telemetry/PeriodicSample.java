package dev.plinto.polar.telemetry;

import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Something outside this process, looked at again and again by a thread of its own. Whoever reads what was seen never
/// waits for it, and it is right while the thread that does the work hangs.
///
/// What was seen too long ago is still [#last()], but no longer [#current()]: it may have changed since.
public final class PeriodicSample<T> {

    private static final Duration END = Duration.ofSeconds(3);

    private final String name;
    private final Duration period;
    /// Some samples may fail, or take long, before anything is reported.
    private final Duration currency;
    private final Look<T> look;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch looked = new CountDownLatch(1);
    private final Thread thread;
    private volatile Seen<T> seen;
    private long newestNanos; // of the last successful look, or the start
    private boolean told;

    /// How to look. It may wait, but not for ever, and throws when it cannot see; closed on the thread that looked.
    @FunctionalInterface
    public interface Look<T> extends AutoCloseable {

        T look() throws Exception;

        @Override
        default void close() {}
    }

    /// Told in words for people, where a failure's own text would not say what to do.
    public static final class NotSeen extends Exception {

        private static final long serialVersionUID = 1L;

        public NotSeen(String why) {
            super(why, null, false, false);
        }
    }

    private record Seen<T>(T value, long nanos) {}

    public PeriodicSample(String name, MetricsConfig config, Look<T> look) {
        this(name, config, 1, look);
    }

    /// @param periods how many of the configured periods lie between two samples, for one that is expensive
    public PeriodicSample(String name, MetricsConfig config, int periods, Look<T> look) {
        this.name = name;
        this.period = config.period().multipliedBy(periods);
        this.currency = Collections.max(List.of(config.currency(), period.multipliedBy(3)));
        this.look = look;
        this.thread = Thread.ofPlatform().daemon().name("sample " + name).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /// Returns when no look is under way any more, or soon.
    public void stop() throws InterruptedException {
        stopped.countDown();
        thread.interrupt();
        thread.join(END);
    }

    /// Empty until something was seen.
    public Optional<T> last() {
        Seen<T> newest = seen;
        return newest == null ? Optional.empty() : Optional.of(newest.value);
    }

    /// Empty also where the last successful look was so long ago that it says nothing about now.
    public Optional<T> current() {
        Seen<T> newest = seen;
        return newest != null && System.nanoTime() - newest.nanos < currency.toNanos()
                ? Optional.of(newest.value)
                : Optional.empty();
    }

    /// For who asks right after the start: returns after the first look, successful or not, and at the latest then.
    public void awaitFirst(Duration atMost) {
        try {
            looked.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        newestNanos = System.nanoTime();
        try (look) {
            do {
                lookOnce();
                looked.countDown();
            } while (!stopped.await(period.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException ending) {
            Log.debugf("No more looks at %s", name);
        }
    }

    /// After one that failed comes the next.
    private void lookOnce() throws InterruptedException {
        try {
            seen = new Seen<>(look.look(), System.nanoTime());
            newestNanos = seen.nanos;
            if (told) {
                told = false;
                Log.infof("%s can be looked at again", name);
            }
        } catch (InterruptedException ending) {
            throw ending;
        } catch (Exception unseen) {
            boolean forLong = System.nanoTime() - newestNanos > currency.toNanos();
            if (!told && forLong && stopped.getCount() > 0) { // once, not at each look
                told = true;
                Log.warnf("%s cannot be looked at, and its metrics say so: %s", name,
                        unseen instanceof NotSeen ? unseen.getMessage() : unseen.toString());
            }
        }
    }
}
