package dev.plinto.polar.start;

import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/// Kafka's admin client, one per replica. Its first use creates it. That fails while the brokers' names cannot be
/// resolved; the next use tries again.
final class KafkaAdmin {

    /// Callers that cannot wait that long set `timeoutMs` in the call's options.
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Produces
    @ApplicationScoped
    Admin admin(@Identifier("default-kafka-broker") Map<String, Object> broker) {
        Map<String, Object> settings = new HashMap<>(broker);
        settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "plinto-polar-admin");
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis() / 2);
        return Admin.create(settings);
    }

    void close(@Disposes Admin admin) {
        admin.close(Duration.ZERO);
    }
}
