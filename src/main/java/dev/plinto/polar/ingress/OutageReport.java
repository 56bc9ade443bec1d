package dev.plinto.polar.ingress;

import dev.plinto.polar.Topics;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.telemetry.LogFields;
import dev.plinto.polar.telemetry.Trace;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Logs an outage in two lines, not in one for each delivery that meets it.
@ApplicationScoped
public class OutageReport {

    /// Deliveries are accepted again if none was refused for this long; a shorter time would log overload repeatedly.
    private static final long QUIET_NANOS = Duration.ofSeconds(5).toNanos();

    private static final int MAX_OVERSIZED = 1_000;

    private final AtomicLong spooled = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile long refusedAt;
    private final Set<String> oversized = ConcurrentHashMap.newKeySet();
    private boolean drainFails; // used by the drain's thread alone

    void spooled(String webhookId, Throwable why) {
        if (why instanceof RawTopic.Refused) {
            staysSpooled(webhookId, why);
        } else if (spooled.getAndIncrement() == 0) {
            Log.warnf("Kafka does not take deliveries (%s). From now on they are acknowledged, kept in PostgreSQL "
                    + "(table spool) and published automatically once Kafka takes them. Check that the broker runs "
                    + "and that KAFKA_BOOTSTRAP_SERVERS reaches it", why.getMessage());
        }
    }

    /// The spool holds nothing any more, except what the topic refuses.
    public void drained() {
        drainFails = false;
        long meanwhile = spooled.getAndSet(0);
        if (meanwhile > 0) {
            Log.infof("Kafka takes deliveries again. This replica kept %d in the spool; all of them are published",
                    meanwhile);
        }
    }

    public void cannotDrain(Throwable why) {
        if (!drainFails) {
            drainFails = true;
            if (DatabaseAway.isCauseOf(why)) {
                Log.warnf("The spool cannot be drained (PostgreSQL reports: %s). Deliveries stay in the spool, and "
                        + "draining is retried each second. Check that PostgreSQL runs and answers",
                        DatabaseAway.describe(why));
            } else {
                Log.error("The spool cannot be drained, by a fault of this service. Deliveries stay in the spool, and "
                        + "draining is retried each second", why);
            }
        }
    }

    /// Logs once for each delivery that the topic refuses. The drain publishes all others past it.
    public void staysSpooled(String webhookId, Throwable why) {
        if (oversized.size() < MAX_OVERSIZED && oversized.add(webhookId)) {
            LogFields.of(webhookId, null, Trace.NONE, () -> Log.errorf("Delivery %s stays in the spool: %s. Raise "
                    + "max.message.bytes of the topic %s; the delivery is then published automatically",
                    webhookId, why.getMessage(), Topics.RECEIVED));
        }
    }

    void refused(Throwable why) {
        refusedAt = System.nanoTime();
        if (refused.getAndIncrement() == 0) {
            Log.errorf("Deliveries are answered 503 from now on: neither Kafka nor the spool takes them (%s). Polar "
                    + "disables the endpoint after ten failed events. Restore Kafka or PostgreSQL; either is enough",
                    why.getMessage());
        }
    }

    void durable() {
        long meanwhile = refused.get();
        if (meanwhile > 0 && System.nanoTime() - refusedAt > QUIET_NANOS && refused.compareAndSet(meanwhile, 0)) {
            Log.infof("Deliveries are taken again; %d were answered 503, and Polar retries them", meanwhile);
        }
    }
}
