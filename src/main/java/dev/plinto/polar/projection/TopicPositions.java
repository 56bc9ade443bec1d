package dev.plinto.polar.projection;

import dev.plinto.polar.Topics;
import io.quarkus.logging.Log;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// Starts each partition that is assigned to this replica where the database stands, not where the consumer group
/// does: after the restore of an older database the difference is read again.
@ApplicationScoped
@Identifier("received")
class TopicPositions implements KafkaConsumerRebalanceListener {

    private final Pool pool;
    private final RetryUntilDone persistence;
    private final GroupOffsets offsets;
    private final Admin admin;
    private volatile String topicId;

    TopicPositions(Pool pool, RetryUntilDone persistence, GroupOffsets offsets,
            Admin admin) {
        this.pool = pool;
        this.persistence = persistence;
        this.offsets = offsets;
        this.admin = admin;
    }

    Positions at(Map<Integer, Long> next) {
        return new Positions(topicId, next);
    }

    /// Kafka asks once: were a failure of this to end it, the partitions would be read from the group's offsets.
    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            Positions stored = persistence.untilDone("Finding where to start", () -> start(consumer, partitions));
            Log.infof("Projecting %d partitions of %s from %s", partitions.size(), Topics.RECEIVED,
                    new HashMap<>(stored.next()));
        }
    }

    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        offsets.leaveTo(partitions);
    }

    private Positions start(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        Positions stored = Positions.load(pool, currentTopicId());
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            Long next = stored.next().get(partition.partition());
            if (next != null && next > ends.get(partition)) {
                Log.warnf(
                        "Partition %s ends at %d, before the stored position %d: records are gone from Kafka, and it is "
                                + "read from its beginning",
                        partition, ends.get(partition), next);
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
            topicId = admin.describeTopics(List.of(Topics.RECEIVED)).allTopicNames().get()
                    .get(Topics.RECEIVED).topicId().toString();
            return topicId;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("the topic " + Topics.RECEIVED + " cannot be described", failed);
        }
    }
}
