package dev.plinto.polar.ingress.spool;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.ingress.IngressConfig;
import dev.plinto.polar.ingress.OutageReport;
import dev.plinto.polar.ingress.RawTopic;
import dev.plinto.polar.ingress.spool.SpoolStore.Moved;
import dev.plinto.polar.ingress.spool.SpoolStore.Spooled;
import dev.plinto.polar.telemetry.LastingThreads;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Publishes the spooled deliveries to the raw topic, oldest first; any number of replicas do so concurrently. While
/// Kafka is away it tries one event a second, which also detects the end of an outage if no new deliveries arrive.
@ApplicationScoped
class DrainSpool {

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    private static final int BATCH = 500;

    private final SpoolStore store;
    private final SpoolBacklog backlog;
    private final RawTopic topic;
    private final OutageReport report;
    private final Roles roles;
    private final int batchSize;
    private final AtomicInteger refused = new AtomicInteger(); // in this sweep
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = LastingThreads.unstarted("spool", this::run);

    DrainSpool(SpoolStore store, SpoolBacklog backlog, RawTopic topic, OutageReport report, IngressConfig config,
            Roles roles) {
        this.store = store;
        this.backlog = backlog;
        this.topic = topic;
        this.report = report;
        this.roles = roles;
        this.batchSize = Math.clamp(config.ingress().maxInFlight() / 4, 1, BATCH); // leaves room for deliveries
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.INGRESS)) {
            thread.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopped.countDown();
        if (thread.isAlive()) { // not without the role, nor if the start of the service failed before
            thread.join(STOP_TIMEOUT);
        }
    }

    private void run() {
        try {
            while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                drain();
            }
        } catch (InterruptedException interrupted) {
            Log.warn("This replica no longer drains the spool: its thread was interrupted. Restart it, unless it "
                    + "is stopping");
        }
    }

    private void drain() {
        if (!backlog.mayBeNonEmpty()) {
            return;
        }
        try {
            if (sweep()) {
                if (!topic.isAvailable()) {
                    topic.markAvailable(); // another replica published the rest
                }
                report.drained();
            } else {
                backlog.grew(); // the last sample may not contain what is left
            }
        } catch (RuntimeException failure) { // the rows stay
            backlog.grew();
            report.cannotDrain(failure);
        }
    }

    /// Tries every event once, oldest first: one that the topic refuses does not block the others. Returns whether only
    /// refused events are left.
    private boolean sweep() {
        refused.set(0);
        long left = 0;
        long after = 0;
        while (stopped.getCount() > 0) {
            Moved moved = store.move(after, topic.isAvailable() ? batchSize : 1, this::publish);
            if (moved.events().isEmpty()) {
                // rows locked by another replica were skipped, and still exist
                return left == refused.get() && store.pending() == left;
            }
            if (!topic.isAvailable()) {
                return false;
            }
            after = moved.events().getLast().id();
            left += moved.events().size() - moved.published();
        }
        return false;
    }

    /// Returns the ids of the published events.
    private List<Long> publish(List<Spooled> batch) {
        return Uni.join().all(batch.stream().map(this::publish).toList()).andFailFast().await().indefinitely()
                .stream().flatMap(Optional::stream).toList();
    }

    private Uni<Optional<Long>> publish(Spooled spooled) {
        return topic.publish(spooled.event())
                .map(published -> Optional.of(spooled.id()))
                .onFailure(RawTopic.Refused.class).invoke(tooLarge -> {
                    refused.incrementAndGet();
                    report.staysSpooled(spooled.event().webhookId(), tooLarge);
                })
                .onFailure().recoverWithItem(Optional.empty());
    }
}
