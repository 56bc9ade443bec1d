package dev.plinto.polar.ingress;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// The heap that the bodies of whole deliveries may take together, each until its answer. Those of strangers are
/// answered as soon as their signature is checked; Polar's wait for Kafka, or else the spool.
@ApplicationScoped
class BodyMemory {

    private static final int HEAP_SHARE = 8; // a body is in memory twice: ours, and in the buffers of Kafka's producer
    private static final int MIN_BODIES = 4; // of the largest size
    private static final long WARNING_INTERVAL = Duration.ofMinutes(1).toNanos();

    private final long limit;
    private final AtomicLong reserved = new AtomicLong();
    private final AtomicLong warnedAt = new AtomicLong(System.nanoTime() - WARNING_INTERVAL);

    @Inject
    BodyMemory(IngressConfig config) {
        this(Math.max(Runtime.getRuntime().maxMemory() / HEAP_SHARE,
                MIN_BODIES * config.webhook().maxBody().asLongValue()));
    }

    /// @param limit in bytes
    BodyMemory(long limit) {
        this.limit = limit;
    }

    /// Returns false, and reserves nothing, if less is left.
    boolean reserve(long bytes) {
        if (reserved.addAndGet(bytes) <= limit) {
            return true;
        }
        reserved.addAndGet(-bytes);
        warn();
        return false;
    }

    void release(long bytes) {
        reserved.addAndGet(-bytes);
    }

    private void warn() {
        long now = System.nanoTime();
        long before = warnedAt.get();
        if (now - before >= WARNING_INTERVAL && warnedAt.compareAndSet(before, now)) {
            Log.warnf(
                    "Deliveries are answered 503: the bodies that wait for Kafka take %d bytes, an eighth of the heap. "
                            + "Check whether Kafka and PostgreSQL are slow. A larger heap (-Xmx) holds more bodies",
                    reserved.get());
        }
    }
}
