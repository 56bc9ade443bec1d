package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LaneTest {

    @Test
    void partition_isInOneLane_inOrder_withItsNextOffset() {
        ConsumerRecords<String, byte[]> batch = batch(Map.of(0, 100, 1, 70, 2, 50, 3, 1));
        List<Lane> lanes = Lane.of(batch, 3);
        assertThat(lanes).hasSize(3);
        Map<Integer, Long> next = new HashMap<>();
        lanes.forEach(lane -> lane.next().forEach((partition, offset) -> assertThat(next.put(partition, offset))
                .as("partition %d in two lanes", partition).isNull()));
        assertThat(next).isEqualTo(Map.of(0, 1_100L, 1, 1_070L, 2, 1_050L, 3, 1_001L));
        for (Lane lane : lanes) {
            lane.next().keySet().forEach(partition -> assertThat(lane.records())
                    .filteredOn(record -> record.partition() == partition)
                    .containsExactlyElementsOf(batch.records(new TopicPartition(Topics.RECEIVED, partition))));
        }
        assertThat(lanes.stream().mapToInt(lane -> lane.records().size()).sum()).isEqualTo(221);
    }

    @Test
    void lanes_areOfEqualSize() {
        assertThat(Lane.of(batch(Map.of(0, 100, 1, 200, 2, 300)), 2)).extracting(lane -> lane.records().size())
                .containsExactly(300, 300);
    }

    @Test
    void fewRecords_areInOneLane() {
        assertThat(Lane.of(batch(Map.of(0, 30, 1, 30)), 8)).hasSize(1);
        assertThat(Lane.of(batch(Map.of(0, 1)), 8)).hasSize(1);
    }

    @Test
    void lanes_areNoMoreThanTheLimit_orThePartitions() {
        assertThat(Lane.of(batch(Map.of(0, 300, 1, 300, 2, 300)), 2)).hasSize(2);
        assertThat(Lane.of(batch(Map.of(0, 900)), 8)).hasSize(1);
    }

    /// @param sizes the number of records by partition; the first offset is 1,000
    private static ConsumerRecords<String, byte[]> batch(Map<Integer, Integer> sizes) {
        Map<TopicPartition, List<ConsumerRecord<String, byte[]>>> records = new HashMap<>();
        sizes.forEach((partition, size) -> records.put(new TopicPartition(Topics.RECEIVED, partition),
                LongStream.range(1_000, 1_000 + size)
                        .mapToObj(
                                offset -> new ConsumerRecord<>(Topics.RECEIVED, partition, offset, "key", new byte[0]))
                        .toList()));
        return new ConsumerRecords<>(records, Map.of());
    }
}
