package dev.plinto.polar.ingress;

import dev.plinto.polar.Verdict;
import dev.plinto.polar.WebhookDialect;
import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Logs once when many deliveries of a provider in a row fail verification: Polar, for one, gives up each event within
/// an hour, and disables the endpoint after ten such events. A valid signature resets the count; stale and malformed
/// requests do not change it.
final class SignatureAlarm {

    private static final int THRESHOLD = 10;
    private static final Duration LOG_INTERVAL = Duration.ofMinutes(10);

    private final WebhookDialect dialect;
    private final AtomicInteger badInARow = new AtomicInteger();
    private final AtomicLong loggedAt = new AtomicLong(System.nanoTime() - LOG_INTERVAL.toNanos());

    SignatureAlarm(WebhookDialect dialect) {
        this.dialect = dialect;
    }

    void verified(Verdict verdict) {
        switch (verdict) {
            case Verdict.Valid valid -> badInARow.set(0);
            case Verdict.Bad bad -> {
                if (badInARow.incrementAndGet() >= THRESHOLD && mayLog()) {
                    Log.warnf("At least %d deliveries in a row to /api/v1/%s/webhooks have a signature that does not "
                            + "fit. %s", THRESHOLD, dialect.provider(), dialect.unverified());
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
