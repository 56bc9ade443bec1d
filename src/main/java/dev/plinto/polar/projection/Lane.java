package dev.plinto.polar.projection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/// The records of some partitions in a batch, which are projected in one transaction. All records of a partition are in
/// one lane, since its position is stored in the same transaction.
///
/// @param next the offset to read next, by partition
record Lane(List<ConsumerRecord<String, byte[]>> records, Map<Integer, Long> next) {

    /// Fewer records are not worth a transaction of their own.
    private static final int MIN_RECORDS = 50;

    private Lane() {
        this(new ArrayList<>(), new HashMap<>());
    }

    /// Returns from one to `maxLanes` lanes of about the same size.
    static List<Lane> of(ConsumerRecords<String, byte[]> batch, int maxLanes) {
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < Math.clamp(batch.count() / MIN_RECORDS, 1,
                Math.min(maxLanes, batch.partitions().size())); i++) {
            lanes.add(new Lane());
        }
        for (TopicPartition partition : bySize(batch)) {
            lanes.stream().min(Comparator.comparingInt(lane -> lane.records.size())).orElseThrow()
                    .add(batch.records(partition));
        }
        return lanes;
    }

    private static List<TopicPartition> bySize(ConsumerRecords<String, byte[]> batch) {
        return batch.partitions().stream()
                .sorted(Comparator.comparingInt((TopicPartition partition) -> batch.records(partition).size())
                        .reversed())
                .toList();
    }

    private void add(List<ConsumerRecord<String, byte[]>> partition) {
        records.addAll(partition);
        next.put(partition.getLast().partition(), partition.getLast().offset() + 1);
    }
}
