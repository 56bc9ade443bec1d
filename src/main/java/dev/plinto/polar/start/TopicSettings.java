package dev.plinto.polar.start;

import dev.plinto.polar.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/// A topic and the settings that the contract requires for it.
record TopicSettings(String name, Map<String, String> settings) {

    /// @param raw the names of the raw topics
    static List<TopicSettings> all(List<String> raw, short replication) {
        return Stream.concat(raw.stream().map(TopicSettings::raw),
                Stream.of(Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED, Topics.ERASURES)
                        .map(TopicSettings::compacted))
                .map(topic -> topic.durable(replication)).toList();
    }

    /// 27 days keep personal data for less than a month; Polar itself can redeliver for 90 days.
    private static TopicSettings raw(String name) {
        return new TopicSettings(name, Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(Topics.RAW_RETENTION.toMillis()),
                TopicConfig.SEGMENT_MS_CONFIG, Long.toString(Topics.RAW_SEGMENT.toMillis()),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(2 * 1024 * 1024)));
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
