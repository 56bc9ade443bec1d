package dev.plinto.polar.projection;

import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.polar.api.PolarConfig;
import dev.plinto.polar.telemetry.Tracing;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.PausableChannel;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.context.ManagedExecutor;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Projects the raw topic into PostgreSQL, batch by batch. Returning acknowledges the batch, so this returns only after
/// the commit, or when the service stops: the successor reads from the positions that were committed with the events.
@ApplicationScoped
public class ProjectEvents {

    private static final long LAST_BATCH_SECONDS = 5;

    private final ChannelRegistry channels;
    private final BatchProjection batches;
    private final TopicPositions positions;
    private final GroupOffsets offsets;
    private final RetryUntilDone retry;
    private final EventReader reader;
    private final Tracing tracing;
    private final ManagedExecutor executor;
    private final int maxLanes;
    /// Permits one batch at a time, and none once the service stops.
    private final Semaphore batchPermit = new Semaphore(1);

    ProjectEvents(ChannelRegistry channels, BatchProjection batches, @Identifier("received") TopicPositions positions,
            GroupOffsets offsets, RetryUntilDone retry, PolarConfig polar, ProjectionConfig config,
            Tracing tracing, ManagedExecutor executor) {
        this.channels = channels;
        this.batches = batches;
        this.positions = positions;
        this.offsets = offsets;
        this.retry = retry;
        this.reader = new EventReader(polar.organizationId());
        this.tracing = tracing;
        this.executor = executor;
        this.maxLanes = config.projection().lanes();
    }

    @Incoming("received")
    @Blocking
    void project(ConsumerRecords<String, byte[]> records) {
        if (records.isEmpty()) {
            return;
        }
        if (!batchPermit.tryAcquire()) {
            return; // the service stops
        }
        try {
            projectInParallel(Lane.of(records, maxLanes));
        } catch (RuntimeException failure) {
            if (!retry.isStopping()) {
                throw failure;
            }
            Log.infof("The last batch of events is left to the successor: %s", DatabaseFailure.describe(failure));
        } finally {
            batchPermit.release();
        }
    }

    /// While one lane waits for PostgreSQL, another one parses its events.
    private void projectInParallel(List<Lane> lanes) {
        List<CompletableFuture<Void>> others = lanes.stream().skip(1)
                .map(lane -> executor.runAsync(() -> project(lane)))
                .toList();
        try {
            project(lanes.getFirst());
        } finally {
            CompletableFuture.allOf(others.toArray(CompletableFuture[]::new)).join(); // all of them, even if one fails
        }
    }

    private void project(Lane lane) {
        List<ReceivedEvent> events = lane.records().stream()
                .map(record -> ReceivedEvent.of(record, reader, tracing))
                .toList();
        batches.project(events, positions.at(lane.next()));
        offsets.commit(lane.next());
    }

    /// Lets no new batch begin, and gives the current one time to end while the database is still connected.
    void stop(@Observes @Priority(2) ShutdownEvent event) throws InterruptedException {
        PausableChannel received = channels.getPausable("received");
        if (received != null) { // null if this replica does not project
            received.pause();
        }
        if (!batchPermit.tryAcquire(LAST_BATCH_SECONDS, TimeUnit.SECONDS)) {
            Log.warn("The last batch of events did not end in time and is rolled back; the successor reads it again");
        }
    }
}
