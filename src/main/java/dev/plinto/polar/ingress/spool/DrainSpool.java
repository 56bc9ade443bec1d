package dev.plinto.polar.ingress.spool;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.ingress.IngressConfig;
import dev.plinto.polar.ingress.OutageReport;
import dev.plinto.polar.ingress.RawTopic;
import dev.plinto.polar.ingress.spool.SpoolStore.Moved;
import dev.plinto.polar.ingress.spool.SpoolStore.Spooled;
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

/// Brings what is in the spool to the raw topic, oldest first; any number of replicas side by side. While Kafka is away
/// it tries with one event a second, which is also how an outage is seen to end while nobody delivers anything.
@ApplicationScoped
class DrainSpool {

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration END = Duration.ofSeconds(5);
    private static final int BATCH = 500;

    private final SpoolStore store;
    private final SpoolBacklog backlog;
    private final RawTopic topic;
    private final OutageReport report;
    private final Roles roles;
    private final int most;
    private final AtomicInteger refused = new AtomicInteger(); // in this sweep
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().daemon().name("spool").unstarted(this::run);

    DrainSpool(SpoolStore store, SpoolBacklog backlog, RawTopic topic, OutageReport report, IngressConfig config,
            Roles roles) {
        this.store = store;
        this.backlog = backlog;
        this.topic = topic;
        this.report = report;
        this.roles = roles;
        this.most = Math.clamp(config.ingress().maxInFlight() / 4, 1, BATCH); // leaves room for deliveries
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.INGRESS)) {
            thread.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.INGRESS)) {
            stopped.countDown();
            thread.join(END);
        }
    }

    private void run() {
        try {
            while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                drain();
            }
        } catch (InterruptedException interrupted) {
            Log.warn("The spool is not drained any more: its thread was interrupted");
        }
    }

    private void drain() {
        if (!backlog.mayHaveSome()) {
            return;
        }
        try {
            if (sweep()) {
                if (!topic.takes()) {
                    topic.takesAgain(); // other replicas have emptied it
                }
                report.drained();
            } else {
                backlog.grew(); // what is left may be unknown to the last look
            }
        } catch (RuntimeException databaseAway) { // or slow; what is there stays there
            backlog.grew();
            report.cannotDrain(databaseAway);
        }
    }

    /// From the oldest to the newest, each once: one that the topic refuses holds up no other. True where none but such
    /// are left.
    private boolean sweep() {
        refused.set(0);
        long left = 0;
        long after = 0;
        while (stopped.getCount() > 0) {
            Moved moved = store.move(after, topic.takes() ? most : 1, this::publish);
            if (moved.events().isEmpty()) {
                // what another replica holds is hidden from us, and still there
                return left == refused.get() && store.pending() == left;
            }
            if (!topic.takes()) {
                return false;
            }
            after = moved.events().getLast().id();
            left += moved.events().size() - moved.published();
        }
        return false;
    }

    /// The ids of those that the topic has now.
    private List<Long> publish(List<Spooled> batch) {
        return Uni.join().all(batch.stream().map(this::publish).toList()).andFailFast().await().indefinitely()
                .stream().flatMap(Optional::stream).toList();
    }

    private Uni<Optional<Long>> publish(Spooled spooled) {
        return topic.publish(spooled.event())
                .map(published -> Optional.of(spooled.id()))
                .onFailure(RawTopic.Refused.class).invoke(tooLarge -> {
                    refused.incrementAndGet();
                    report.stays(spooled.event().webhookId(), tooLarge);
                })
                .onFailure().recoverWithItem(Optional.empty());
    }
}
