package dev.plinto.polar.start;

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

/// Makes the topics with the contract's settings where the service may, and compares those that are there with them.
/// Comes before the first delivery is taken, unless the broker is away: then it goes on trying beside.
@ApplicationScoped
class PrepareTopics {

    private final Admin admin;
    private final TopicCreationConfig config;
    private volatile boolean prepared;

    PrepareTopics(Admin admin, TopicCreationConfig config) {
        this.admin = admin;
        this.config = config;
    }

    boolean prepared() {
        return prepared;
    }

    void start(@Observes @Priority(1) StartupEvent event) {
        try {
            prepare();
        } catch (RuntimeException away) {
            Log.warnf("The topics cannot be prepared yet, trying on: %s", away.getMessage());
            Uni.createFrom().item(() -> {
                prepare();
                return prepared;
            })
                    .runSubscriptionOn(Infrastructure.getDefaultExecutor())
                    .onFailure().retry().withBackOff(Duration.ofSeconds(1), Duration.ofSeconds(10)).indefinitely()
                    .subscribe().with(done -> {});
        }
    }

    /// Two requests, however many topics there are.
    private void prepare() {
        List<TopicSettings> topics = TopicSettings.all(config.replication());
        Map<String, KafkaFuture<Void>> made = admin.createTopics(topics.stream()
                .map(topic -> topic.newTopic(config.partitions(), config.replication())).toList()).values();
        List<TopicSettings> others = topics.stream().filter(topic -> !isMade(topic, made.get(topic.name()))).toList();
        Map<ConfigResource, KafkaFuture<Config>> described = admin
                .describeConfigs(others.stream().map(PrepareTopics::resource).toList()).values();
        others.forEach(topic -> compare(topic, described.get(resource(topic))));
        prepared = true;
    }

    /// False where it is there already, or may not be made by us.
    private boolean isMade(TopicSettings topic, KafkaFuture<Void> made) {
        try {
            made.get();
            Log.infof("Created topic %s with %d partitions", topic.name(), config.partitions());
            return true;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof TopicExistsException
                    || failed.getCause() instanceof TopicAuthorizationException
                    || failed.getCause() instanceof ClusterAuthorizationException) {
                return false;
            }
            throw new IllegalStateException(
                    "topic " + topic.name() + " cannot be made: " + failed.getCause().getMessage(), failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static ConfigResource resource(TopicSettings topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    private static void compare(TopicSettings topic, KafkaFuture<Config> described) {
        try {
            Config actual = described.get();
            String differences = topic.settings().entrySet().stream()
                    .filter(wanted -> !wanted.getValue().equals(value(actual, wanted.getKey())))
                    .map(wanted -> wanted.getKey() + " is " + value(actual, wanted.getKey()) + ", not "
                            + wanted.getValue())
                    .sorted()
                    .collect(Collectors.joining("; "));
            if (!differences.isEmpty()) {
                Log.warnf("Topic %s is not as the contract wants it: %s. Change it with kafka-configs.sh --alter.",
                        topic.name(), differences);
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException("topic " + topic.name() + " is not there or cannot be described, and this "
                    + "service may not make it: " + failed.getCause().getMessage(), failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static String value(Config actual, String name) {
        ConfigEntry entry = actual.get(name);
        return entry == null ? null : entry.value();
    }
}
