package dev.plinto.polar.polar.api;

import java.time.Duration;

/// Limits all requests of this replica to Polar: they leave evenly, after a first burst of ten seconds' worth. While
/// Polar wants no requests, all wait. Why not a library's rate limit: docs/adr/0018.
final class RequestBudget {

    private static final Duration BURST = Duration.ofSeconds(10);

    private final long interval;
    private long next; // when the next request is due; it may leave earlier, by up to a burst
    private volatile long pausedUntil;

    RequestBudget(int perMinute) {
        interval = Duration.ofMinutes(1).toNanos() / perMinute;
        next = System.nanoTime();
        pausedUntil = next;
    }

    /// Blocks until one more request may leave.
    void take() throws InterruptedException {
        long turn = reserve();
        for (long now = System.nanoTime(); turn > now || pausedUntil > now; now = System.nanoTime()) {
            Thread.sleep(Duration.ofNanos(Math.max(turn, pausedUntil) - now));
        }
    }

    /// No request leaves before this time is over, not even one that waits for its turn already.
    synchronized void pause(Duration time) {
        pausedUntil = Math.max(pausedUntil, System.nanoTime() + time.toNanos());
    }

    private synchronized long reserve() {
        long now = System.nanoTime();
        next = Math.max(next, now);
        long turn = next - BURST.toNanos();
        next += interval;
        return turn;
    }
}
