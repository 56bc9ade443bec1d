package dev.plinto.polar.polar;

import java.time.Duration;

/// How often Polar may be asked, by everybody here together: evenly, after a first burst of ten seconds' worth. Where
/// Polar itself says to wait, all wait.
final class RequestBudget {

    private static final Duration BURST = Duration.ofSeconds(10);

    private final long between;
    private long next; // when a request would be on time; earlier by up to a burst is allowed

    RequestBudget(int perMinute) {
        between = Duration.ofMinutes(1).toNanos() / perMinute;
        next = System.nanoTime();
    }

    /// Returns when one more request may be sent.
    void take() throws InterruptedException {
        long wait = reserve();
        if (wait > 0) {
            Thread.sleep(Duration.ofNanos(wait));
        }
    }

    /// No request leaves before that time is over.
    synchronized void pause(Duration time) {
        long now = System.nanoTime();
        next = now + Math.max(next - now, BURST.toNanos() + time.toNanos());
    }

    private synchronized long reserve() {
        long now = System.nanoTime();
        if (next - now < 0) {
            next = now;
        }
        long wait = next - now - BURST.toNanos();
        next += between;
        return wait;
    }
}
