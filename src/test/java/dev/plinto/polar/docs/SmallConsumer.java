package dev.plinto.polar.docs;

// docs/consuming.md shows what follows
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Knows which features each account may use. Needs kafka-clients and jackson-databind, and nothing else.
public final class SmallConsumer {

    private static final String TOPIC = "polar.entitlement.changed";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Access> byAccount = new ConcurrentHashMap<>();
    volatile boolean complete;

    record Access(long version, Set<String> features) {}

    /// For a readiness probe: true once every account is known.
    public boolean isComplete() {
        return complete;
    }

    /// @throws IllegalStateException before that: "no" would be wrong for accounts that are not read yet
    public boolean mayUse(String account, String feature) {
        if (!complete) {
            throw new IllegalStateException("not every account is read yet");
        }
        Access access = byAccount.get(account);
        return access != null && access.features().contains(feature);
    }

    /// One record of the topic, whose newest set replaces the one before. False where it was no news.
    boolean apply(String account, byte[] value) throws IOException {
        if (value == null) { // a tombstone
            return byAccount.remove(account) != null;
        }
        JsonNode message = JSON.readTree(value);
        long version = message.get("version").longValue();
        Access known = byAccount.get(account);
        if (known != null && version <= known.version()) { // seen before, or older
            return false;
        }
        Set<String> features = new TreeSet<>();
        for (JsonNode entitlement : message.get("entitlements")) {
            if (entitlement.hasNonNull("feature")) {
                features.add(entitlement.get("feature").textValue());
            }
        }
        byAccount.put(account, new Access(version, Set.copyOf(features)));
        return true;
    }

    /// Reads from the beginning, without a consumer group: every instance needs every account.
    void follow(String brokers) throws IOException {
        try (var consumer = new KafkaConsumer<>(Map.<String, Object>of("bootstrap.servers", brokers),
                new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = consumer.partitionsFor(TOPIC).stream()
                    .map(partition -> new TopicPartition(TOPIC, partition.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (!Thread.currentThread().isInterrupted()) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (apply(record.key(), record.value())) {
                        System.out.println(record.key() + " " + byAccount.get(record.key()));
                    }
                }
                // By positions, not by offsets of records: the last offset is mostly that of a transaction marker,
                // which no record has.
                complete = complete || all.stream()
                        .allMatch(partition -> consumer.position(partition) >= ends.get(partition));
            }
        }
    }

    public static void main(String... brokers) throws IOException {
        new SmallConsumer().follow(brokers.length == 0 ? "localhost:19092" : brokers[0]);
    }
}
// up to here
