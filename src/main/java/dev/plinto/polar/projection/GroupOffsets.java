package dev.plinto.polar.projection;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Commits the consumer group's offsets to Kafka, only for tools that watch its lag: the database decides where a
/// replica starts. Nothing waits for a commit or fails with it, so it may come late; the connector's own commits would
/// do both (docs/adr/0015).
final class GroupOffsets {

    private final String channel;
    private final String topic;
    private final KafkaClientService clients;
    private final Map<TopicPartition, OffsetAndMetadata> pending = new HashMap<>();
    private boolean inFlight;

    GroupOffsets(String channel, String topic, KafkaClientService clients) {
        this.channel = channel;
        this.topic = topic;
        this.clients = clients;
    }

    /// @param next the offset to read next, by partition
    synchronized void commit(Map<Integer, Long> next) {
        next.forEach((partition, offset) -> pending.put(new TopicPartition(topic, partition),
                new OffsetAndMetadata(offset)));
        commitPending();
    }

    /// Another replica commits their offsets from now on.
    synchronized void revoke(Collection<TopicPartition> partitions) {
        pending.keySet().removeAll(partitions);
    }

    /// Sends one request at a time; offsets projected meanwhile go with the next request.
    private void commitPending() {
        KafkaConsumer<String, byte[]> consumer = clients.getConsumer(channel);
        if (inFlight || pending.isEmpty() || consumer == null) {
            return;
        }
        inFlight = true;
        Map<TopicPartition, OffsetAndMetadata> offsets = Map.copyOf(pending);
        pending.clear();
        consumer.commitAsync(offsets).subscribe().with(done -> committed(), failure -> failed(offsets));
    }

    private synchronized void committed() {
        inFlight = false;
        commitPending();
    }

    /// The broker is away, or the group is rebalancing: the next batch commits them.
    private synchronized void failed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        inFlight = false;
        offsets.forEach(pending::putIfAbsent);
    }
}
