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

/// Sees what of the raw topic is not projected: the topic's ends, then the stored positions, then the oldest records in
/// between. In this order, so that what is projected meanwhile does not count as waiting.
///
/// While the broker does not answer, what was read before may still be projected, so the positions are asked for then
/// too.
final class BacklogSample implements PeriodicSample.Look<Backlog> {

    private final RawTopicEnds topic;
    private final StoredPositions positions;
    private final OldestRecords records;
    private final ProjectionLag.PartitionGauges gauges;
    private RawTopicEnds.Ends ends;

    BacklogSample(Admin admin, Map<String, Object> broker, Pool pool, ProjectionLag.PartitionGauges gauges) {
        this.topic = new RawTopicEnds(admin);
        this.positions = new StoredPositions(pool);
        this.records = new OldestRecords(broker);
        this.gauges = gauges;
    }

    @Override
    public Backlog look() throws InterruptedException, ExecutionException {
        boolean answered = askForEnds();
        Map<Integer, Long> behind = behind(positions.now().getOrDefault(ends.topicId(), Map.of()));
        Map<Integer, Instant> receivedAt = answered ? records.receivedAt(behind) : records.knownBefore(behind);
        Map<Integer, Optional<Instant>> oldest = new HashMap<>();
        ends.partitions().keySet()
                .forEach(partition -> oldest.put(partition, Optional.ofNullable(receivedAt.get(partition))));
        return new Backlog(oldest, answered);
    }

    /// @return false where the broker does not answer, and what it said last is all that is known
    private boolean askForEnds() throws InterruptedException, ExecutionException {
        Set<Integer> before = ends == null ? Set.of() : ends.partitions().keySet();
        try {
            ends = topic.now();
        } catch (ExecutionException away) {
            if (ends == null) {
                throw away;
            }
            return false;
        }
        if (!before.equals(ends.partitions().keySet())) {
            gauges.make(ends.partitions().keySet());
        }
        return true;
    }

    private Map<Integer, Long> behind(Map<Integer, Long> stored) {
        Map<Integer, Long> behind = new HashMap<>();
        ends.partitions().forEach((partition, range) -> {
            long next = range.next(stored.get(partition));
            if (next < range.end()) {
                behind.put(partition, next);
            }
        });
        return behind;
    }

    @Override
    public void close() {
        records.close();
    }
}
