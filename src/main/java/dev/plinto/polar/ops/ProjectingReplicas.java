package dev.plinto.polar.ops;

import dev.plinto.polar.Topics;
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
import org.apache.kafka.common.KafkaFuture;
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

    /// The id of Polar's raw topic, under which its positions are stored; empty as [#now] is.
    Uni<Optional<String>> topicId() {
        return Uni.createFrom().item(this::describeTopic).runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private Optional<List<Overview.Replica>> describe() {
        return answer(admin.describeConsumerGroups(List.of(GROUP)).all(), "the consumer group " + GROUP)
                .map(groups -> groups.get(GROUP))
                .map(group -> group.members().stream().map(ProjectingReplicas::replica)
                        .sorted(Comparator.comparing(Overview.Replica::name)).toList());
    }

    private Optional<String> describeTopic() {
        return answer(admin.describeTopics(List.of(Topics.RECEIVED)).allTopicNames(), "the topic " + Topics.RECEIVED)
                .map(topics -> topics.get(Topics.RECEIVED))
                .map(topic -> topic.topicId().toString());
    }

    private static <T> Optional<T> answer(KafkaFuture<T> asked, String what) {
        try {
            return Optional.of(asked.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (Exception brokerAway) {
            Log.debugf("Cannot describe %s: %s", what, brokerAway.toString());
            return Optional.empty();
        }
    }

    private static Overview.Replica replica(MemberDescription member) {
        return new Overview.Replica(member.consumerId(), member.host().replaceFirst("^/", ""),
                member.assignment().topicPartitions().stream().map(TopicPartition::partition).sorted().toList());
    }
}
