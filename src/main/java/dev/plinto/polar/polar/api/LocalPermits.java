package dev.plinto.polar.polar.api;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Permits that one replica gives itself, while the database that counts for all of them is away.
final class LocalPermits implements Permits {

    private final Rate rate;
    private final LongSupplier nanoTime;
    private long fullAt;
    private long closedUntil;

    LocalPermits(Rate rate, LongSupplier nanoTime) {
        this.rate = rate;
        this.nanoTime = nanoTime;
        fullAt = nanoTime.getAsLong();
        closedUntil = fullAt;
    }

    @Override
    public synchronized Optional<Duration> take(Purpose purpose) {
        long now = nanoTime.getAsLong();
        long fullAfter = Math.max(fullAt - now, 0) + rate.interval().toNanos();
        long wait = Math.max(fullAfter - rate.burst(purpose).toNanos(), closedUntil - now);
        if (wait > 0) {
            return Optional.of(Duration.ofNanos(wait));
        }
        fullAt = now + fullAfter;
        return Optional.empty();
    }

    @Override
    public synchronized void close(Duration time) {
        long now = nanoTime.getAsLong();
        closedUntil = now + Math.max(closedUntil - now, time.toNanos());
    }
}
