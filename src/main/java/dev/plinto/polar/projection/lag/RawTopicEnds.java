package dev.plinto.polar.projection.lag;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Reads a raw topic's first and end offsets from the broker. Not thread-safe.
final class RawTopicEnds {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Admin admin;
    private final String name;

    /// @param topicId the topic id under which positions are stored
    record Ends(String topicId, Map<Integer, Range> partitions) {}

    /// The offset of a partition's first record, and the one after its last.
    record Range(long first, long end) {

        /// The offset of the first unprojected record; [#end()] if there is none.
        ///
        /// @param stored the offset to project next; null if none is stored. It is beyond the end if records were
        ///               written and projected after the end was read
        long next(@Nullable Long stored) {
            return Math.min(end, Math.max(first, stored == null ? first : stored));
        }
    }

    RawTopicEnds(Admin admin, String name) {
        this.admin = admin;
        this.name = name;
    }

    Ends read() throws InterruptedException, ExecutionException {
        TopicDescription topic = Objects.requireNonNull(admin.describeTopics(List.of(name),
                new DescribeTopicsOptions().timeoutMs((int) TIMEOUT.toMillis())).allTopicNames().get()
                .get(name));
        List<TopicPartition> partitions = topic.partitions().stream()
                .map(partition -> new TopicPartition(name, partition.partition()))
                .toList();
        Map<TopicPartition, ListOffsetsResultInfo> first = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, ListOffsetsResultInfo> end = offsets(partitions, OffsetSpec.latest());
        return new Ends(topic.topicId().toString(), partitions.stream().collect(Collectors.toMap(
                TopicPartition::partition,
                partition -> new Range(offset(first, partition), offset(end, partition)))));
    }

    private static long offset(Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition partition) {
        return Objects.requireNonNull(offsets.get(partition)).offset();
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(List<TopicPartition> partitions, OffsetSpec which)
            throws InterruptedException, ExecutionException {
        return admin.listOffsets(
                partitions.stream().collect(Collectors.toMap(partition -> partition, any -> which)),
                new ListOffsetsOptions().timeoutMs((int) TIMEOUT.toMillis())).all().get();
    }
}
