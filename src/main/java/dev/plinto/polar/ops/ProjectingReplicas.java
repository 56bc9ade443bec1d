package dev.plinto.polar.ops;

import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;

/// Reads from the broker which replicas project which partitions: the members of the consumer group.
@ApplicationScoped
class ProjectingReplicas {

    static final String GROUP = "plinto-polar-projection";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Admin admin;

    ProjectingReplicas(Admin admin) {
        this.admin = admin;
    }

    /// Empty if the broker does not answer in time, or this client may not describe the group.
    Uni<Optional<List<Overview.Replica>>> now() {
        return Uni.createFrom().item(this::describe).runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private Optional<List<Overview.Replica>> describe() {
        try {
            return Optional.ofNullable(admin.describeConsumerGroups(List.of(GROUP)).all()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).get(GROUP))
                    .map(group -> group.members().stream().map(ProjectingReplicas::replica)
                            .sorted(Comparator.comparing(Overview.Replica::name)).toList());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (Exception brokerAway) {
            Log.debugf("Cannot describe the consumer group %s: %s", GROUP, brokerAway.toString());
            return Optional.empty();
        }
    }

    private static Overview.Replica replica(MemberDescription member) {
        return new Overview.Replica(member.consumerId(), member.host().replaceFirst("^/", ""),
                member.assignment().topicPartitions().stream().map(TopicPartition::partition).sorted().toList());
    }
}
