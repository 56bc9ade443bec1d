package dev.plinto.polar.projection;

import io.quarkus.logging.Log;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import io.vertx.sqlclient.Pool;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Starts each assigned partition of a raw topic at the position in the database, not at the consumer group's offset:
/// after the restore of an older database the difference is read again.
class TopicPositions implements KafkaConsumerRebalanceListener {

    /// The channel of Polar's raw topic.
    static final String POLAR = "received";
    /// The channel of Conekta's.
    static final String CONEKTA = "conekta-received";

    private final String topic;
    private final Pool pool;
    private final RetryUntilDone retry;
    private final GroupOffsets offsets;
    private final Admin admin;
    private volatile @Nullable String topicId;

    TopicPositions(String topic, Pool pool, RetryUntilDone retry, GroupOffsets offsets, Admin admin) {
        this.topic = topic;
        this.pool = pool;
        this.retry = retry;
        this.offsets = offsets;
        this.admin = admin;
    }

    Positions at(Map<Integer, Long> next) {
        return new Positions(Objects.requireNonNull(topicId, "no partition was assigned yet"), next);
    }

    /// For tools that watch the group's lag.
    void commit(Map<Integer, Long> next) {
        offsets.commit(next);
    }

    /// Kafka calls this once: if it failed, the partitions would be read from the group's offsets.
    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            Positions stored = retry.untilDone("Finding the start positions", 0, () -> start(consumer, partitions));
            Log.infof("Projecting %d partitions of %s from %s", partitions.size(), topic,
                    new HashMap<>(stored.next()));
        }
    }

    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        offsets.revoke(partitions);
    }

    private Positions start(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        Positions stored = Positions.load(pool, currentTopicId());
        for (Map.Entry<TopicPartition, Long> end : consumer.endOffsets(partitions).entrySet()) {
            TopicPartition partition = end.getKey();
            Long next = stored.next().get(partition.partition());
            if (next != null && next > end.getValue()) {
                Log.warnf(
                        "Partition %s ends at %d, before the stored position %d: records are missing from Kafka; "
                                + "reading it from its beginning",
                        partition, end.getValue(), next);
                stored.forget(pool, partition.partition());
                next = null;
            }
            if (next == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, next);
            }
        }
        return stored;
    }

    private String currentTopicId() {
        try {
            TopicDescription described = Objects.requireNonNull(admin.describeTopics(List.of(topic))
                    .allTopicNames().get().get(topic));
            String current = described.topicId().toString();
            topicId = current;
            return current;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("the topic " + topic + " cannot be described", failed);
        }
    }
}
