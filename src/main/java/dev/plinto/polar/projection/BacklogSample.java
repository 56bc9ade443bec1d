package dev.plinto.polar.projection;

import dev.plinto.polar.Sampled;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/// Sees what of the raw topic is not projected: the topic's ends, then the stored positions, then the oldest records in
/// between. In this order, so that what is projected meanwhile does not count as waiting.
final class BacklogSample implements Sampled.Look<Backlog> {

    private final RawTopicEnds topic;
    private final StoredPositions positions;
    private final OldestRecords records;
    private final BacklogMetrics.PartitionGauges gauges;
    private Set<Integer> told = Set.of();

    BacklogSample(Map<String, Object> broker, Pool pool, BacklogMetrics.PartitionGauges gauges) {
        this.topic = new RawTopicEnds(broker);
        this.positions = new StoredPositions(pool);
        this.records = new OldestRecords(broker);
        this.gauges = gauges;
    }

    @Override
    public Backlog look() throws InterruptedException, ExecutionException {
        RawTopicEnds.Ends ends = topic.now();
        if (!told.equals(ends.partitions().keySet())) {
            told = Set.copyOf(ends.partitions().keySet());
            gauges.make(told);
        }
        Map<Integer, Long> stored = positions.now().getOrDefault(ends.topicId(), Map.of());
        Map<Integer, Long> behind = new HashMap<>();
        ends.partitions().forEach((partition, range) -> {
            long next = range.next(stored.get(partition));
            if (next < range.end()) {
                behind.put(partition, next);
            }
        });
        Map<Integer, Instant> receivedAt = records.receivedAt(behind);
        Map<Integer, Optional<Instant>> oldest = new HashMap<>();
        told.forEach(partition -> oldest.put(partition, Optional.ofNullable(receivedAt.get(partition))));
        return new Backlog(oldest);
    }

    @Override
    public void close() {
        records.close();
        topic.close();
    }
}
