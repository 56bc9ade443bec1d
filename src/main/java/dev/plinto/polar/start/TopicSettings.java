package dev.plinto.polar.start;

import dev.plinto.polar.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/// A topic and the settings that the contract requires for it.
record TopicSettings(String name, Map<String, String> settings) {

    static List<TopicSettings> all(short replication) {
        return List.of(
                // 27 days keep personal data for less than a month; Polar itself can redeliver for 90 days.
                new TopicSettings(Topics.RECEIVED, Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG, Long.toString(Topics.RAW_RETENTION.toMillis()),
                        TopicConfig.SEGMENT_MS_CONFIG, Long.toString(Topics.RAW_SEGMENT.toMillis()),
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(2 * 1024 * 1024))).durable(replication),
                compacted(Topics.SUBSCRIPTION_CHANGED).durable(replication),
                compacted(Topics.ENTITLEMENT_CHANGED).durable(replication),
                compacted(Topics.ERASURES).durable(replication));
    }

    NewTopic newTopic(int partitions, short replication) {
        return new NewTopic(name, partitions, replication).configs(settings);
    }

    private static TopicSettings compacted(String name) {
        return new TopicSettings(name,
                Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(Topics.LARGEST_CHANGE)));
    }

    /// One broker of three may fail without losing a message or refusing a write.
    private TopicSettings durable(short replication) {
        Map<String, String> durable = new HashMap<>(settings);
        durable.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(Math.max(1, replication - 1)));
        durable.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        return new TopicSettings(name, Map.copyOf(durable));
    }
}
