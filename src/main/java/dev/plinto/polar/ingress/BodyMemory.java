package dev.plinto.polar.ingress;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// What the bodies of deliveries may take of the heap together, each from its first byte to its answer. Anybody can send
/// some, signed or not, and as slowly as they like: without a bound they would take what everything else needs.
@ApplicationScoped
class BodyMemory {

    private static final int SHARE = 8; // while it is read a body is held up to three times
    private static final int LEAST = 4; // of the largest bodies
    private static final long BETWEEN_WARNINGS = Duration.ofMinutes(1).toNanos();

    private final long all;
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong warnedAt = new AtomicLong(System.nanoTime() - BETWEEN_WARNINGS);

    @Inject
    BodyMemory(IngressConfig config) {
        this(Math.max(Runtime.getRuntime().maxMemory() / SHARE, LEAST * config.webhook().maxBody().asLongValue()));
    }

    /// @param all in bytes
    BodyMemory(long all) {
        this.all = all;
    }

    /// False where there is not so much left.
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) <= all) {
            return true;
        }
        taken.addAndGet(-bytes);
        warn();
        return false;
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    private void warn() {
        long now = System.nanoTime();
        long before = warnedAt.get();
        if (now - before >= BETWEEN_WARNINGS && warnedAt.compareAndSet(before, now)) {
            Log.warnf("Deliveries are answered 503: the bodies that are being read or wait for Kafka take %d bytes, an "
                    + "eighth of the heap. Polar sends some kilobytes at a time; see at the balancer who sends so much or "
                    + "so slowly. A larger heap (-Xmx) takes more.", taken.get());
        }
    }
}
