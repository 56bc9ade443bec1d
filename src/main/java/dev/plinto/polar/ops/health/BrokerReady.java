package dev.plinto.polar.ops.health;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.WebhookDialect;
import dev.plinto.polar.ingress.ReceivedProviders;
import dev.plinto.polar.ingress.spool.Spool;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Up if the broker answers and every partition of the raw topics has a leader, or if a replica with the role `ingress`
/// can spool deliveries meanwhile. Sampled independently of deliveries: a replica that is not ready gets none, so it
/// could not notice that the broker is back.
@Readiness
@ApplicationScoped
class BrokerReady implements HealthCheck {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Roles roles;
    private final Spool spool;
    private final List<String> topics;
    private final PeriodicSample<List<String>> leaderless;

    BrokerReady(Admin admin, MetricsConfig config, Roles roles, Spool spool, ReceivedProviders providers) {
        this.roles = roles;
        this.spool = spool;
        topics = providers.on().stream().map(WebhookDialect::topic).sorted(Comparator.reverseOrder()).toList();
        leaderless = new PeriodicSample<>("the broker's state", config, () -> leaderless(admin));
    }

    void start(@Observes StartupEvent event) {
        if (isNeeded()) {
            leaderless.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (isNeeded()) {
            leaderless.stop();
        }
    }

    @Override
    public HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("broker");
        if (!isNeeded()) {
            return answer.up().withData("needed", "by no role of this replica").build();
        }
        leaderless.awaitFirst(TIMEOUT);
        Optional<String> fault = fault();
        if (fault.isEmpty()) {
            return answer.up().build();
        }
        if (roles.include(Role.INGRESS) && spool.isReady()) {
            return answer.up().withData("what", fault.get())
                    .withData("spool", "Meanwhile deliveries are acknowledged and kept in PostgreSQL.").build();
        }
        return answer.down().withData("what", fault.get()).build();
    }

    /// Why records cannot be published; empty if they can.
    private Optional<String> fault() {
        return leaderless.current()
                .map(partitions -> partitions.isEmpty()
                        ? Optional.<String>empty()
                        : Optional.of(
                                String.join("; ", partitions) + " have no leader, so nothing can be published to "
                                        + "them. Check which brokers are down."))
                .orElseGet(() -> Optional.of(unanswered()));
    }

    private String unanswered() {
        boolean isOne = topics.size() == 1;
        return "The broker does not describe the topic" + (isOne ? " " : "s ") + String.join(", ", topics)
                + ". Check that it runs, that this replica reaches it at KAFKA_BOOTSTRAP_SERVERS, that the "
                + (isOne ? "topic exists" : "topics exist") + ", and that this client may describe "
                + (isOne ? "it." : "them.");
    }

    /// Not by the role `api`: reads do not need the broker, and a replay reports what it could not publish.
    private boolean isNeeded() {
        return roles.roles().stream().anyMatch(
                EnumSet.of(Role.INGRESS, Role.RECONCILE, Role.PROJECTION, Role.RELAY)::contains);
    }

    /// The partitions without a leader of each raw topic that has any, in words.
    private List<String> leaderless(Admin admin) throws InterruptedException, PeriodicSample.Unreadable {
        try {
            Map<String, TopicDescription> described = admin.describeTopics(topics,
                    new DescribeTopicsOptions().timeoutMs((int) TIMEOUT.toMillis())).allTopicNames().get();
            return topics.stream().map(topic -> Objects.requireNonNull(described.get(topic), "described"))
                    .filter(topic -> topic.partitions().stream().anyMatch(BrokerReady::isLeaderless))
                    .map(topic -> "Partitions " + topic.partitions().stream().filter(BrokerReady::isLeaderless)
                            .map(TopicPartitionInfo::partition).toList() + " of " + topic.name())
                    .toList();
        } catch (ExecutionException unanswered) {
            throw new PeriodicSample.Unreadable(unanswered() + " Kafka's client: "
                    + Objects.requireNonNullElse(unanswered.getCause(), unanswered).getMessage());
        }
    }

    private static boolean isLeaderless(TopicPartitionInfo partition) {
        return partition.leader() == null || partition.leader().isEmpty();
    }
}
