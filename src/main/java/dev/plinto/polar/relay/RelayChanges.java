package dev.plinto.polar.relay;

import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.postgres.RenewedLease;
import dev.plinto.polar.telemetry.LastingThreads;
import dev.plinto.polar.telemetry.Tracing;
import io.opentelemetry.api.trace.SpanKind;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/// Publishes the messages in the outbox, oldest first. Of all replicas one leads, by a short lease in the database; the
/// lease states which replica should publish, and Kafka's fencing ensures that no other can. The lease is renewed
/// beside the work, so that a broker that is slow to answer does not end it.
@ApplicationScoped
class RelayChanges {

    /// Of the work between two questions whether this replica still leads: one call of Kafka, perhaps the read of the
    /// note, and statements to PostgreSQL.
    private static final Duration LONGEST_STEP = Publisher.LONGEST_CALL.plusSeconds(20);
    private static final Duration TOO_LARGE_POLL = Duration.ofSeconds(5);
    private static final int BATCH = 500;

    private final OutboxStore outbox;
    private final OutboxSignal signal;
    private final RelayMetrics metrics;
    private final Tracing tracing;
    private final Map<String, Object> kafka;
    private final Admin admin;
    private final Roles roles;
    private final InstantSource clock;

    private final RenewedLease lease;
    private final Duration poll;
    private final Duration leasePoll;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = LastingThreads.unstarted("relay", this::run);
    private Set<String> loggedTooLarge = Set.of();
    private long tooLargeReadAt = System.nanoTime() - TOO_LARGE_POLL.toNanos();

    RelayChanges(Pool pool, RelayConfig config, OutboxStore outbox, OutboxSignal signal, RelayMetrics metrics,
            Tracing tracing,
            @Identifier("default-kafka-broker") Map<String, Object> kafka, Admin admin, Roles roles,
            InstantSource clock) {
        this.outbox = outbox;
        this.lease = new RenewedLease(pool, "relay_lease", config.lease(), LONGEST_STEP, "relay");
        this.poll = config.lease().dividedBy(3);
        this.leasePoll = config.lease().dividedBy(6);
        this.signal = signal;
        this.metrics = metrics;
        this.tracing = tracing;
        this.kafka = kafka;
        this.admin = admin;
        this.roles = roles;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.RELAY)) {
            thread.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopped.countDown();
        signal.wake();
        if (thread.isAlive()) { // not without the role, nor if the start of the service failed before
            thread.join(Duration.ofSeconds(5));
        }
        if (thread.isAlive()) { // it waits for the broker; a successor fences it
            release();
        }
        lease.end();
        signal.stop();
    }

    /// True also if this replica has another role, or is stopping.
    boolean isAlive() {
        return !roles.include(Role.RELAY) || !isRunning() || thread.isAlive();
    }

    private void run() {
        try {
            boolean goesOn = true;
            while (goesOn && isRunning()) {
                goesOn = compete();
            }
        } finally {
            release();
        }
    }

    /// False if this thread is to end.
    private boolean compete() {
        try {
            if (lease.take()) {
                lead();
            } else {
                stopped.await(leasePoll.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException interrupted) {
            return false;
        } catch (ProducerFencedException | InvalidProducerEpochException ended) {
            logEnd();
        } catch (RuntimeException failed) {
            if (Thread.currentThread().isInterrupted()) { // while it waited for PostgreSQL or Kafka
                return false;
            }
            logRetry(failed);
            release(); // another replica may reach the broker
            pause();
        }
        return true;
    }

    private static void logRetry(RuntimeException failed) {
        if (failed instanceof KafkaException || failed.getCause() instanceof KafkaException) {
            Log.warnf("Cannot publish changes: %s. They stay in the outbox, and this is retried. Check that Kafka runs "
                    + "and answers", failed.toString());
        } else if (DatabaseAway.isCauseOf(failed)) {
            Log.warnf("Cannot publish changes: %s. They stay in the outbox, and this is retried. Check that PostgreSQL "
                    + "runs and answers", DatabaseAway.describe(failed));
        } else {
            Log.errorf(failed, "Cannot publish changes, by a fault of this service. They stay in the outbox, and this "
                    + "is retried");
        }
    }

    private void lead() throws InterruptedException {
        try (Publisher publisher = Publisher.open(kafka)) {
            removePublished(publisher.publishedLast(admin));
            metrics.leads(lease::isHeld);
            Log.info("This replica publishes changes from now on");
            while (isRunning() && lease.mayContinue()) {
                List<OutboxRow> rows = outbox.oldest(BATCH);
                if (rows.isEmpty()) {
                    logTooLarge();
                    signal.await(poll);
                } else {
                    relay(Publisher.fitting(rows), publisher);
                }
            }
            if (isRunning()) {
                Log.info("The lease of this replica to publish changes is over; it stands by");
            }
        } finally {
            metrics.leads(() -> false);
        }
    }

    /// Removes the rows that the predecessor published and did not remove. One statement removes them, so all of them
    /// exist or none; rows that differ from the note are others, to which a restored database gave the same ids.
    private void removePublished(PublishedRows published) {
        List<OutboxRow> rows = outbox.rows(published.ids());
        if (!rows.isEmpty() && PublishedRows.of(rows).equals(published)) {
            outbox.remove(published.ids());
        }
    }

    private void relay(List<OutboxRow> rows, Publisher publisher) {
        Instant began = clock.instant();
        if (!publisher.publish(rows, lease::mayContinue)) {
            return;
        }
        if (tracing.isOn()) {
            rows.forEach(row -> trace(row, began));
        }
        metrics.published(rows, clock.instant());
        outbox.remove(rows.stream().map(OutboxRow::id).toList());
    }

    /// A row without a trace begins none here.
    private void trace(OutboxRow row, Instant began) {
        String context = row.headers().get(HeaderNames.TRACEPARENT);
        if (context != null) {
            tracing.begin(SpanKind.PRODUCER, "send " + row.topic(), context, began)
                    .with("messaging.system", "kafka")
                    .with("messaging.operation.type", "send")
                    .with("messaging.destination.name", row.topic())
                    .end();
        }
    }

    /// Logs each message once; reads seldom, since it scans the whole outbox.
    private void logTooLarge() {
        if (System.nanoTime() - tooLargeReadAt < TOO_LARGE_POLL.toNanos()) {
            return;
        }
        tooLargeReadAt = System.nanoTime();
        List<String> tooLarge = outbox.tooLarge();
        tooLarge.stream().filter(message -> !loggedTooLarge.contains(message)).forEach(message -> Log.errorf(
                "A message is too large for its topic, stays in the outbox and is not published: %s. Other messages "
                        + "are published; the next smaller one of its key supersedes it",
                message));
        loggedTooLarge = Set.copyOf(tooLarge);
    }

    /// Only a successor fences a leader whose lease is over. The broker also ends a transaction by itself.
    private void logEnd() {
        if (lease.isHeld()) {
            Log.warnf("The broker ended the transaction in which this replica published changes, since it took longer "
                    + "than %d s (perhaps the broker was restarted meanwhile), or since another service uses the "
                    + "transactional id %s. Its messages stay in the outbox, and a new transaction publishes them. "
                    + "Check how long Kafka takes to write",
                    Publisher.LONGEST_TRANSACTION.toSeconds(), Publisher.TRANSACTIONAL_ID);
        } else {
            Log.info("Another replica took over publishing changes; this one stands by");
        }
    }

    private void release() {
        try {
            lease.release();
        } catch (RuntimeException failed) {
            Log.debugf("Cannot release the lease of the relay; it expires, and another replica then takes over: %s",
                    failed.toString());
        }
    }

    private boolean isRunning() {
        return stopped.getCount() > 0;
    }

    private void pause() {
        try {
            stopped.await(poll.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
