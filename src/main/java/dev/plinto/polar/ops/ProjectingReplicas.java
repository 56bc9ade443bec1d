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

/// Which replicas project, and which partitions, as the broker's consumer group has it.
@ApplicationScoped
class ProjectingReplicas {

    static final String GROUP = "plinto-polar-projection";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Admin admin;

    ProjectingReplicas(Admin admin) {
        this.admin = admin;
    }

    /// Empty where the broker does not say.
    Uni<Optional<List<Overview.Replica>>> now() {
        return Uni.createFrom().item(this::ask).runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private Optional<List<Overview.Replica>> ask() {
        try {
            return Optional.of(admin.describeConsumerGroups(List.of(GROUP)).all()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).get(GROUP).members().stream()
                    .map(ProjectingReplicas::replica)
                    .sorted(Comparator.comparing(Overview.Replica::name)).toList());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (Exception brokerAway) {
            Log.debugf("The broker does not say who projects: %s", brokerAway.toString());
            return Optional.empty();
        }
    }

    private static Overview.Replica replica(MemberDescription member) {
        return new Overview.Replica(member.consumerId(), member.host().replaceFirst("^/", ""),
                member.assignment().topicPartitions().stream().map(TopicPartition::partition).sorted().toList());
    }
}
