package dev.plinto.polar.polar.api;

import java.time.Duration;

/// How often Polar may be asked, by everybody here together: evenly, after a first burst of ten seconds' worth. Where
/// Polar itself says to wait, all wait.
final class RequestBudget {

    private static final Duration BURST = Duration.ofSeconds(10);

    private final long between;
    private long next; // when a request would be on time; earlier by up to a burst is allowed
    private volatile long closedUntil;

    RequestBudget(int perMinute) {
        between = Duration.ofMinutes(1).toNanos() / perMinute;
        next = System.nanoTime();
        closedUntil = next;
    }

    /// Returns when one more request may be sent.
    void take() throws InterruptedException {
        long turn = reserve();
        for (long now = System.nanoTime(); turn > now || closedUntil > now; now = System.nanoTime()) {
            Thread.sleep(Duration.ofNanos(Math.max(turn, closedUntil) - now));
        }
    }

    /// No request leaves before that time is over, also none that waits for its turn already.
    synchronized void pause(Duration time) {
        closedUntil = Math.max(closedUntil, System.nanoTime() + time.toNanos());
    }

    private synchronized long reserve() {
        long now = System.nanoTime();
        next = Math.max(next, now);
        long turn = next - BURST.toNanos();
        next += between;
        return turn;
    }
}
