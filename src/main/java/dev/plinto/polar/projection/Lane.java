package dev.plinto.polar.projection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/// Some partitions' records of a batch, which are projected in one transaction: a partition's position is stored with
/// what was projected of it, so it belongs to one lane.
///
/// @param next the offset to read next, by partition
record Lane(List<ConsumerRecord<String, byte[]>> records, Map<Integer, Long> next) {

    /// Fewer are not worth a transaction of their own.
    private static final int WORTH_A_LANE = 50;

    private Lane() {
        this(new ArrayList<>(), new HashMap<>());
    }

    /// At least one lane and at most as many as wanted, about equally full.
    static List<Lane> of(ConsumerRecords<String, byte[]> batch, int most) {
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < Math.clamp(batch.count() / WORTH_A_LANE, 1,
                Math.min(most, batch.partitions().size())); i++) {
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

    private void add(List<ConsumerRecord<String, byte[]>> ofPartition) {
        records.addAll(ofPartition);
        next.put(ofPartition.getLast().partition(), ofPartition.getLast().offset() + 1);
    }
}
