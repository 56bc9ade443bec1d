package dev.plinto.polar.ingress;

import dev.plinto.polar.polar.WebhookSignature.Verdict;
import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Says once that no delivery's signature is right any more: Polar gives up on each event within an hour, and after ten
/// of them on the endpoint. One right signature ends it; what strangers send in between says nothing.
final class SignatureAlarm {

    private static final int MANY = 10;
    private static final Duration NOT_AGAIN = Duration.ofMinutes(10);

    private final AtomicInteger badInARow = new AtomicInteger();
    private final AtomicLong toldAt = new AtomicLong(System.nanoTime() - NOT_AGAIN.toNanos());

    void verified(Verdict verdict) {
        switch (verdict) {
            case Verdict.Valid valid -> badInARow.set(0);
            case Verdict.Bad bad -> {
                if (badInARow.incrementAndGet() >= MANY && isTurn()) {
                    Log.warnf("At least %d deliveries in a row had a signature that no accepted secret explains. "
                            + "If they are Polar's, it gives up on them within an hour and then switches the endpoint "
                            + "off: see whether its secret was reset and POLAR_WEBHOOK_SECRET holds the new one, and "
                            + "whether a proxy changes bodies", MANY);
                }
            }
            case Verdict.Stale stale -> {}
            case Verdict.Malformed malformed -> {}
        }
    }

    /// Strangers could have it said again and again.
    private boolean isTurn() {
        long told = toldAt.get();
        long now = System.nanoTime();
        return now - told >= NOT_AGAIN.toNanos() && toldAt.compareAndSet(told, now);
    }
}
