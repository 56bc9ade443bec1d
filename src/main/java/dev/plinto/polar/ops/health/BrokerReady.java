package dev.plinto.polar.ops.health;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.Topics;
import dev.plinto.polar.ingress.spool.Spool;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.TopicPartitionInfo;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Ready means that the broker answers and every partition of the raw topic has somebody to take records; or, for a
/// replica that takes deliveries, that the spool takes them meanwhile. Asked beside the deliveries, since a replica
/// that is not ready gets none from which it could learn that the broker is back.
@Readiness
@ApplicationScoped
class BrokerReady implements HealthCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String UNANSWERED = "The broker does not say where " + Topics.RECEIVED + " is. See whether it "
            + "runs, whether KAFKA_BOOTSTRAP_SERVERS reaches it from here, and whether the topic is there and this "
            + "client may describe it.";

    private final Roles roles;
    private final Spool spool;
    private final PeriodicSample<List<Integer>> leaderless;

    BrokerReady(Admin admin, MetricsConfig config, Roles roles, Spool spool) {
        this.roles = roles;
        this.spool = spool;
        leaderless = new PeriodicSample<>("the broker", config, () -> leaderless(admin));
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
        leaderless.awaitFirst(PATIENCE);
        Optional<String> what = what();
        if (what.isEmpty()) {
            return answer.up().build();
        }
        if (roles.include(Role.INGRESS) && spool.isReady()) {
            return answer.up().withData("what", what.get())
                    .withData("spool", "Deliveries are kept in PostgreSQL meanwhile, and acknowledged.").build();
        }
        return answer.down().withData("what", what.get()).build();
    }

    /// What keeps records from being published; empty where nothing does.
    private Optional<String> what() {
        return leaderless.current()
                .map(partitions -> partitions.isEmpty()
                        ? Optional.<String>empty()
                        : Optional.of(
                                "Partitions " + partitions + " of " + Topics.RECEIVED
                                        + " have no leader, so nothing can be "
                                        + "published there. See which brokers are down."))
                .orElseGet(() -> Optional.of(UNANSWERED));
    }

    /// Not by the role api: reading goes on without, and a replay says by itself what it could not publish.
    private boolean isNeeded() {
        return roles.roles().stream().anyMatch(
                EnumSet.of(Role.INGRESS, Role.RECONCILE, Role.PROJECTION, Role.RELAY)::contains);
    }

    /// The partitions of the raw topic that no broker takes records for.
    private static List<Integer> leaderless(Admin admin) throws InterruptedException, PeriodicSample.NotSeen {
        try {
            return admin.describeTopics(List.of(Topics.RECEIVED),
                    new DescribeTopicsOptions().timeoutMs((int) PATIENCE.toMillis()))
                    .allTopicNames().get().get(Topics.RECEIVED).partitions().stream()
                    .filter(partition -> partition.leader() == null || partition.leader().isEmpty())
                    .map(TopicPartitionInfo::partition)
                    .toList();
        } catch (ExecutionException unanswered) {
            throw new PeriodicSample.NotSeen(UNANSWERED + " Kafka's client says: "
                    + unanswered.getCause().getMessage());
        }
    }
}
