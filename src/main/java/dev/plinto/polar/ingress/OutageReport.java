package dev.plinto.polar.ingress;

import dev.plinto.polar.telemetry.LogFields;
import dev.plinto.polar.telemetry.Trace;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// An outage is two lines in the log, not one for each delivery that meets it.
@ApplicationScoped
public class OutageReport {

    /// So long none must have been refused for it to be over; else overload would be told at each turn.
    private static final long QUIET_NANOS = Duration.ofSeconds(5).toNanos();

    private static final int MOST_STAYING = 1_000;

    private final AtomicLong spooled = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile long refusedAt;
    private final Set<String> staying = ConcurrentHashMap.newKeySet();
    private boolean stuck; // the drain's alone

    void spooled(String webhookId, Throwable why) {
        if (why instanceof RawTopic.Refused) {
            stays(webhookId, why);
        } else if (spooled.getAndIncrement() == 0) {
            Log.warnf("Kafka does not take deliveries: %s. From now on they are kept in PostgreSQL (table spool), "
                    + "acknowledged, and published by themselves once Kafka takes them. See whether the broker runs "
                    + "and KAFKA_BOOTSTRAP_SERVERS reaches it.", why.getMessage());
        }
    }

    /// Nothing is left in the spool but what the topic refuses.
    public void drained() {
        stuck = false;
        long meanwhile = spooled.getAndSet(0);
        if (meanwhile > 0) {
            Log.infof("Kafka takes deliveries again. This replica kept %d in the spool; all have been published",
                    meanwhile);
        }
    }

    public void cannotDrain(Throwable why) {
        if (!stuck) {
            stuck = true;
            Log.warnf("The spool is not drained for now, and is tried again: PostgreSQL says %s", why.getMessage());
        }
    }

    /// One by which the others pass; told once.
    public void stays(String webhookId, Throwable why) {
        if (staying.size() < MOST_STAYING && staying.add(webhookId)) {
            LogFields.of(webhookId, null, Trace.NONE, () -> Log.errorf("Delivery %s stays in the spool: %s. Raise "
                    + "max.message.bytes of the topic; it then follows by itself.", webhookId, why.getMessage()));
        }
    }

    void refused(Throwable why) {
        refusedAt = System.nanoTime();
        if (refused.getAndIncrement() == 0) {
            Log.errorf("Deliveries are answered 503 from now on, since neither Kafka nor the spool takes them: %s. "
                    + "Polar disables the endpoint after ten events that failed.", why.getMessage());
        }
    }

    void durable() {
        long meanwhile = refused.get();
        if (meanwhile > 0 && System.nanoTime() - refusedAt > QUIET_NANOS && refused.compareAndSet(meanwhile, 0)) {
            Log.infof("Deliveries are taken again; %d were answered 503", meanwhile);
        }
    }
}
