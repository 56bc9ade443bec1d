package dev.plinto.polar.projection.lag;

import dev.plinto.polar.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/// From where to where the raw topic reaches, as the broker says. To be used by one thread.
final class RawTopicEnds {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Admin admin;

    /// @param topicId as positions are stored under it
    record Ends(String topicId, Map<Integer, Range> partitions) {}

    /// The offset of the first record that is there, and the one after the last.
    record Range(long first, long end) {

        /// The first record that is there and not projected; [#end()] where there is none.
        ///
        /// @param stored the offset to project next; null where none is stored. It is beyond the end where records came
        ///               and were projected since the end was asked for
        long next(Long stored) {
            return Math.min(end, Math.max(first, stored == null ? first : stored));
        }
    }

    RawTopicEnds(Admin admin) {
        this.admin = admin;
    }

    Ends now() throws InterruptedException, ExecutionException {
        TopicDescription topic = admin.describeTopics(List.of(Topics.RECEIVED),
                new DescribeTopicsOptions().timeoutMs((int) PATIENCE.toMillis())).allTopicNames().get()
                .get(Topics.RECEIVED);
        List<TopicPartition> partitions = topic.partitions().stream()
                .map(partition -> new TopicPartition(Topics.RECEIVED, partition.partition()))
                .toList();
        Map<TopicPartition, ListOffsetsResultInfo> first = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, ListOffsetsResultInfo> end = offsets(partitions, OffsetSpec.latest());
        return new Ends(topic.topicId().toString(), partitions.stream().collect(Collectors.toMap(
                TopicPartition::partition,
                partition -> new Range(first.get(partition).offset(), end.get(partition).offset()))));
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(List<TopicPartition> partitions, OffsetSpec which)
            throws InterruptedException, ExecutionException {
        return admin.listOffsets(
                partitions.stream().collect(Collectors.toMap(partition -> partition, any -> which)),
                new ListOffsetsOptions().timeoutMs((int) PATIENCE.toMillis())).all().get();
    }
}
