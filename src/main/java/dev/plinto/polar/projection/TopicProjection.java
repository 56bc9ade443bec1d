package dev.plinto.polar.projection;

import dev.plinto.polar.telemetry.Tracing;
import io.quarkus.logging.Log;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/// Projects one raw topic, batch by batch.
final class TopicProjection {

    private static final long LAST_BATCH_SECONDS = 5;

    private final BatchProjection batches;
    private final TopicPositions positions;
    private final EventReadings readings;
    private final RetryUntilDone retry;
    private final Tracing tracing;
    private final Executor executor;
    private final int maxLanes;
    /// Permits one batch at a time, and none once the service stops.
    private final Semaphore batchPermit = new Semaphore(1);

    TopicProjection(BatchProjection batches, TopicPositions positions, EventReadings readings, RetryUntilDone retry,
            Tracing tracing, Executor executor, int maxLanes) {
        this.batches = batches;
        this.positions = positions;
        this.readings = readings;
        this.retry = retry;
        this.tracing = tracing;
        this.executor = executor;
        this.maxLanes = maxLanes;
    }

    /// Returns after the commit, or when the service stops.
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
                .map(lane -> CompletableFuture.runAsync(() -> project(lane), executor))
                .toList();
        try {
            project(lanes.getFirst());
        } finally {
            CompletableFuture.allOf(others.toArray(CompletableFuture[]::new)).join(); // all of them, even if one fails
        }
    }

    private void project(Lane lane) {
        List<ReceivedEvent> events = lane.records().stream()
                .map(record -> ReceivedEvent.of(record, readings, tracing))
                .toList();
        batches.project(events, positions.at(lane.next()));
        positions.commit(lane.next());
    }

    /// Lets no further batch begin, and gives the current one time to end.
    void stop() throws InterruptedException {
        if (!batchPermit.tryAcquire(LAST_BATCH_SECONDS, TimeUnit.SECONDS)) {
            Log.warn("The last batch of events did not end in time and is rolled back; the successor reads it again");
        }
    }
}
