package dev.plinto.polar.ingress;

import dev.plinto.polar.polar.WebhookSignature.Verdict;
import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Logs once when many deliveries in a row fail verification: Polar gives up each event within an hour, and disables
/// the endpoint after ten such events. A valid signature resets the count; stale and malformed requests do not change
/// it.
final class SignatureAlarm {

    private static final int THRESHOLD = 10;
    private static final Duration LOG_INTERVAL = Duration.ofMinutes(10);

    private final AtomicInteger badInARow = new AtomicInteger();
    private final AtomicLong loggedAt = new AtomicLong(System.nanoTime() - LOG_INTERVAL.toNanos());

    void verified(Verdict verdict) {
        switch (verdict) {
            case Verdict.Valid valid -> badInARow.set(0);
            case Verdict.Bad bad -> {
                if (badInARow.incrementAndGet() >= THRESHOLD && mayLog()) {
                    Log.warnf("At least %d deliveries in a row have a signature that matches no accepted secret. If "
                            + "Polar sent them, it gives them up within an hour and then disables the endpoint. Check "
                            + "that POLAR_WEBHOOK_SECRET holds the endpoint's current secret, and that no proxy "
                            + "changes bodies", THRESHOLD);
                }
            }
            case Verdict.Stale stale -> {}
            case Verdict.Malformed malformed -> {}
        }
    }

    /// Limits how often strangers can cause the line.
    private boolean mayLog() {
        long last = loggedAt.get();
        long now = System.nanoTime();
        return now - last >= LOG_INTERVAL.toNanos() && loggedAt.compareAndSet(last, now);
    }
}
