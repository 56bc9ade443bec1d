package dev.plinto.polar.testing;

import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/// Lowers the raw topic's record size limit below what the service sends, until this is closed. Below a batch of the
/// producer (128 KB) it would also refuse small records that share a batch.
public final class LoweredLimit implements AutoCloseable {

    private static final ConfigResource TOPIC = new ConfigResource(ConfigResource.Type.TOPIC, Topics.RECEIVED);

    private final Admin admin;
    private final String before;

    public LoweredLimit(String bootstrapServers, int bytes) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        before = current();
        set(Integer.toString(bytes));
    }

    @Override
    public void close() {
        set(before);
        admin.close();
    }

    private void set(String bytes) {
        var most = new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, bytes);
        admin.incrementalAlterConfigs(Map.of(TOPIC, List.of(new AlterConfigOp(most, AlterConfigOp.OpType.SET))));
        await().atMost(Duration.ofSeconds(20)).until(() -> current().equals(bytes));
    }

    private String current() {
        try {
            return admin.describeConfigs(List.of(TOPIC)).all().get().get(TOPIC)
                    .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value();
        } catch (InterruptedException | ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
