package dev.plinto.polar.start;

import static java.util.Objects.requireNonNull;

import dev.plinto.polar.WebhookDialect;
import io.quarkus.arc.All;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/// Creates the topics with the settings of [TopicSettings] if the service may, and compares existing topics with them.
/// Runs before the first delivery is accepted; if the broker is away, it retries in the background.
@ApplicationScoped
class PrepareTopics {

    private final Admin admin;
    private final TopicCreationConfig config;
    private final List<String> rawTopics;
    private volatile boolean prepared;

    PrepareTopics(Admin admin, TopicCreationConfig config, @All List<WebhookDialect> dialects) {
        this.admin = admin;
        this.config = config;
        this.rawTopics = dialects.stream().filter(WebhookDialect::isOn).map(WebhookDialect::topic).toList();
    }

    boolean prepared() {
        return prepared;
    }

    void start(@Observes @Priority(1) StartupEvent event) {
        try {
            prepare();
        } catch (RuntimeException away) {
            Log.warnf("Cannot create or check the topics; retrying in the background: %s", away.getMessage());
            Uni.createFrom().item(() -> {
                prepare();
                return prepared;
            })
                    .runSubscriptionOn(Infrastructure.getDefaultExecutor())
                    .onFailure().retry().withBackOff(Duration.ofSeconds(1), Duration.ofSeconds(10)).indefinitely()
                    .subscribe().with(done -> {});
        }
    }

    /// Two requests, for any number of topics.
    private void prepare() {
        List<TopicSettings> topics = TopicSettings.all(rawTopics, config.replication());
        Map<String, KafkaFuture<Void>> creations = admin.createTopics(topics.stream()
                .map(topic -> topic.newTopic(config.partitions(), config.replication())).toList()).values();
        List<TopicSettings> existing = topics.stream()
                .filter(topic -> !isCreated(topic, requireNonNull(creations.get(topic.name())))).toList();
        Map<ConfigResource, KafkaFuture<Config>> descriptions = admin
                .describeConfigs(existing.stream().map(PrepareTopics::resource).toList()).values();
        existing.forEach(topic -> compare(topic, requireNonNull(descriptions.get(resource(topic)))));
        prepared = true;
    }

    /// False if the topic exists already, or this service may not create it.
    private boolean isCreated(TopicSettings topic, KafkaFuture<Void> creation) {
        try {
            creation.get();
            Log.infof("Created topic %s with %d partitions", topic.name(), config.partitions());
            return true;
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof TopicExistsException
                    || cause instanceof TopicAuthorizationException
                    || cause instanceof ClusterAuthorizationException) {
                return false;
            }
            throw new IllegalStateException("cannot create topic " + topic.name() + ": " + reason(failed), cause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static ConfigResource resource(TopicSettings topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    private static void compare(TopicSettings topic, KafkaFuture<Config> description) {
        try {
            Config actual = description.get();
            String differences = topic.settings().entrySet().stream()
                    .filter(wanted -> !wanted.getValue().equals(value(actual, wanted.getKey())))
                    .map(wanted -> wanted.getKey() + " is " + value(actual, wanted.getKey()) + ", not "
                            + wanted.getValue())
                    .sorted()
                    .collect(Collectors.joining("; "));
            if (!differences.isEmpty()) {
                Log.warnf(
                        "Topic %s has other settings than this service needs: %s. Correct them with "
                                + "kafka-configs.sh --alter.",
                        topic.name(), differences);
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException(
                    "topic " + topic.name() + " does not exist or cannot be described, and this "
                            + "service may not create it: " + reason(failed),
                    failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static @Nullable String reason(ExecutionException failed) {
        Throwable cause = failed.getCause();
        return cause == null ? null : cause.getMessage();
    }

    private static @Nullable String value(Config actual, String name) {
        ConfigEntry entry = actual.get(name);
        return entry == null ? null : entry.value();
    }
}
