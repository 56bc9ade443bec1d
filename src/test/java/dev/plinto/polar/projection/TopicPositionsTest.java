package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Topics;
import dev.plinto.polar.postgres.Answers;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Where a replica starts when partitions are assigned to it. The consumer is Kafka's mock, since a real broker cannot
/// be made to fail at that exact moment.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class TopicPositionsTest {

    /// Not a partition of the topic, so that no replica projects it.
    private static final TopicPartition PARTITION = new TopicPartition(Topics.RECEIVED, 9_999);

    @Inject
    @Identifier("received")
    TopicPositions positions;

    @Inject
    Pool pool;

    /// Other tests await that exactly the topic's partitions have positions.
    @AfterEach
    void forget() {
        Answers.await(pool.preparedQuery("DELETE FROM positions WHERE partition = $1")
                .execute(Tuple.of(PARTITION.partition())));
    }

    @Test
    void brokerFailureDuringAssignment_isRetried_andTheStoredPositionCounts() {
        MockConsumer<String, byte[]> consumer = new MockConsumer<>(AutoOffsetResetStrategy.EARLIEST.name());
        consumer.assign(Set.of(PARTITION));
        consumer.updateEndOffsets(Map.of(PARTITION, 10L));
        positions.onPartitionsAssigned(consumer, Set.of(PARTITION)); // reads the topic's id
        Answers.await(pool.preparedQuery("INSERT INTO positions (topic_id, partition, next_offset) VALUES ($1, $2, 7)")
                .execute(Tuple.of(positions.at(Map.of()).topicId(), PARTITION.partition())));

        consumer.setOffsetsException(new TimeoutException("the broker is gone"));
        positions.onPartitionsAssigned(consumer, Set.of(PARTITION));

        assertThat(consumer.position(PARTITION)).isEqualTo(7);
    }
}
