package dev.plinto.polar.projection.lag;

import dev.plinto.polar.telemetry.PeriodicSample;
import io.vertx.sqlclient.Pool;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/// Measures the backlog of a raw topic: reads the topic's end offsets, then the stored positions, then the oldest
/// records in between. In this order, so that events that are projected meanwhile do not count as waiting.
///
/// The positions are read even while the broker does not answer, since events that the consumer already has may be
/// projected meanwhile.
final class BacklogSample implements PeriodicSample.Source<Backlog> {

    private final RawTopicEnds topic;
    private final StoredPositions positions;
    private final OldestRecords records;
    private final ProjectionLag.PartitionGauges gauges;
    private RawTopicEnds.@Nullable Ends lastEnds;

    BacklogSample(String topic, Admin admin, Map<String, Object> broker, Pool pool,
            ProjectionLag.PartitionGauges gauges) {
        this.topic = new RawTopicEnds(admin, topic);
        this.positions = new StoredPositions(pool);
        this.records = new OldestRecords(topic, broker);
        this.gauges = gauges;
    }

    @Override
    public Backlog read() throws InterruptedException, ExecutionException {
        RawTopicEnds.Ends ends = lastEnds;
        boolean answered = true;
        try {
            ends = readEnds();
        } catch (ExecutionException away) {
            if (ends == null) {
                throw away;
            }
            answered = false; // the last known ends are all that is known
        }
        Map<Integer, Long> unprojected = unprojected(ends, positions.read().getOrDefault(ends.topicId(), Map.of()));
        Map<Integer, Instant> receivedAt = answered ? records.receivedAt(unprojected) : records.cached(unprojected);
        Map<Integer, Optional<Instant>> oldest = new HashMap<>();
        ends.partitions().keySet()
                .forEach(partition -> oldest.put(partition, Optional.ofNullable(receivedAt.get(partition))));
        return new Backlog(oldest, answered);
    }

    private RawTopicEnds.Ends readEnds() throws InterruptedException, ExecutionException {
        Set<Integer> before = lastEnds == null ? Set.of() : lastEnds.partitions().keySet();
        RawTopicEnds.Ends ends = topic.read();
        lastEnds = ends;
        if (!before.equals(ends.partitions().keySet())) {
            gauges.register(ends.partitions().keySet());
        }
        return ends;
    }

    /// The offset of the first unprojected record, of each partition that has one.
    private static Map<Integer, Long> unprojected(RawTopicEnds.Ends ends, Map<Integer, Long> stored) {
        Map<Integer, Long> unprojected = new HashMap<>();
        ends.partitions().forEach((partition, range) -> {
            long next = range.next(stored.get(partition));
            if (next < range.end()) {
                unprojected.put(partition, next);
            }
        });
        return unprojected;
    }

    @Override
    public void close() {
        records.close();
    }
}
