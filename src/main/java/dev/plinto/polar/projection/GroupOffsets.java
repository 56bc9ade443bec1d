package dev.plinto.polar.projection;

import dev.plinto.polar.Topics;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Tells Kafka how far the raw topic is projected, for those who watch the consumer group's lag; where to start, the
/// database says. Nothing waits for it or fails with it, so it may be told late: the connector's own commits do both
/// (docs/adr/0015).
@ApplicationScoped
class GroupOffsets {

    private final KafkaClientService clients;
    private final Map<TopicPartition, OffsetAndMetadata> untold = new HashMap<>();
    private boolean underWay;

    GroupOffsets(KafkaClientService clients) {
        this.clients = clients;
    }

    /// @param next the offset to read next, by partition
    synchronized void tell(Map<Integer, Long> next) {
        next.forEach((partition, offset) -> untold.put(new TopicPartition(Topics.RECEIVED, partition),
                new OffsetAndMetadata(offset)));
        commit();
    }

    /// Another replica tells them from now on.
    synchronized void leaveTo(Collection<TopicPartition> another) {
        untold.keySet().removeAll(another);
    }

    /// One request at a time; what is projected meanwhile goes with the next.
    private void commit() {
        KafkaConsumer<String, byte[]> consumer = clients.getConsumer("received");
        if (underWay || untold.isEmpty() || consumer == null) {
            return;
        }
        underWay = true;
        Map<TopicPartition, OffsetAndMetadata> told = Map.copyOf(untold);
        untold.clear();
        consumer.commitAsync(told).subscribe().with(done -> taken(), failure -> refused(told));
    }

    private synchronized void taken() {
        underWay = false;
        commit();
    }

    /// The broker is away, or this replica has just joined or left: they go with the next batch.
    private synchronized void refused(Map<TopicPartition, OffsetAndMetadata> told) {
        underWay = false;
        told.forEach(untold::putIfAbsent);
    }
}
