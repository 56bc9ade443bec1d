package dev.plinto.polar.projection;

import dev.plinto.polar.polar.EventReader;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.PausableChannel;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Projects the raw topic into PostgreSQL, batch by batch. Returning acknowledges the batch, so this returns only after
/// the commit: a database that is away is waited for, however long, and an event that cannot be applied is parked while
/// the rest of its batch goes on.
@ApplicationScoped
public class ProjectEvents {

    private static final long LAST_BATCH_SECONDS = 5;

    private final ChannelRegistry channels;
    private final Transactions transactions;
    private final Persistence persistence;
    private final TopicPositions positions;
    private final EventReader reader;
    private final InstantSource clock;
    private final ProjectionMetrics metrics;
    /// One batch at a time, and none any more once we are stopped.
    private final Semaphore turn = new Semaphore(1);

    ProjectEvents(ChannelRegistry channels, Transactions transactions, Persistence persistence,
            @Identifier("received") TopicPositions positions, ProjectionConfig config, InstantSource clock,
            ProjectionMetrics metrics) {
        this.channels = channels;
        this.transactions = transactions;
        this.persistence = persistence;
        this.positions = positions;
        this.reader = new EventReader(config.organizationId());
        this.clock = clock;
        this.metrics = metrics;
    }

    @Incoming("received")
    @Blocking
    void project(ConsumerRecords<String, byte[]> records) {
        List<ReceivedEvent> events = new ArrayList<>(records.count());
        Map<Integer, Long> next = new HashMap<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            events.add(ReceivedEvent.of(record, reader));
            next.merge(record.partition(), record.offset() + 1, Math::max);
        }
        if (events.isEmpty()) {
            return;
        }
        if (!turn.tryAcquire()) {
            return; // being stopped. That Kafka takes it for done harms nothing: the successor asks the database.
        }
        try {
            project(events, positions.at(next));
        } finally {
            turn.release();
        }
    }

    /// No batch begins any more, and the one under way may end while there still is a database to end it in.
    void stop(@Observes @Priority(2) ShutdownEvent event) throws InterruptedException {
        PausableChannel received = channels.getPausable("received");
        if (received != null) { // else this replica does not project
            received.pause();
        }
        if (!turn.tryAcquire(LAST_BATCH_SECONDS, TimeUnit.SECONDS)) {
            Log.warn("The last batch of events did not end in time and is rolled back; the successor reads it again");
        }
    }

    private void project(List<ReceivedEvent> events, Positions position) {
        try {
            commit(transaction -> {
                position.save(transaction);
                return new Projection(transaction, clock.instant()).project(events);
            });
        } catch (RuntimeException causedByAnEvent) {
            requireCausedByEvent(causedByAnEvent);
            Log.warnf("A batch of %d events could not be projected, so its events are tried one by one: %s",
                    events.size(), DatabaseFailure.describe(causedByAnEvent));
            events.forEach(this::projectOrPark);
            commit(transaction -> {
                position.save(transaction);
                return List.of();
            });
        }
    }

    private void projectOrPark(ReceivedEvent event) {
        try {
            commit(transaction -> new Projection(transaction, clock.instant()).project(List.of(event)));
        } catch (RuntimeException causedByIt) {
            requireCausedByEvent(causedByIt);
            ParkReason reason = ParkReason.failed(causedByIt);
            commit(transaction -> {
                new InboxStore(transaction).park(List.of(new InboxStore.Parked(event, reason)));
                return List.of(new Projected(event, Outcome.PARKED));
            });
            Log.errorf("Event %s is parked: %s. It can be replayed once the cause is mended.",
                    event.webhookId(), reason.detail());
        }
    }

    /// Else we are being stopped, and nothing may be parked for that.
    private static void requireCausedByEvent(RuntimeException failure) {
        if (DatabaseFailure.isTransient(failure)) {
            throw failure;
        }
    }

    private void commit(Work work) {
        // Fails only by the fault of an event; the backlog waits in Kafka meanwhile.
        List<Projected> projected = persistence.untilDone("Projection", () -> transactions.inOne(work::in));
        metrics.count(projected, clock.instant());
        projected.stream().filter(one -> one.outcome() == Outcome.PARKED).map(Projected::event).forEach(event ->
                ParkReason.of(event.reading()).ifPresent(reason -> Log.warnf("Event %s of type %s is unreadable and parked: %s",
                        event.webhookId(), event.type(), reason.detail())));
    }

    private interface Work {
        List<Projected> in(SqlConnection transaction);
    }
}
