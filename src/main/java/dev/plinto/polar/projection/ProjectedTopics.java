package dev.plinto.polar.projection;

import dev.plinto.polar.Topics;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.admin.Admin;

/// The raw topics that are projected, each by a channel of its own, whose settings name its [TopicPositions].
@Dependent
class ProjectedTopics {

    private final Pool pool;
    private final RetryUntilDone retry;
    private final KafkaClientService clients;
    private final Admin admin;

    ProjectedTopics(Pool pool, RetryUntilDone retry, KafkaClientService clients, Admin admin) {
        this.pool = pool;
        this.retry = retry;
        this.clients = clients;
        this.admin = admin;
    }

    @Produces
    @Singleton
    @Identifier(TopicPositions.POLAR)
    TopicPositions polar() {
        return positions(TopicPositions.POLAR, Topics.RECEIVED);
    }

    @Produces
    @Singleton
    @Identifier(TopicPositions.CONEKTA)
    TopicPositions conekta() {
        return positions(TopicPositions.CONEKTA, Topics.CONEKTA_RECEIVED);
    }

    private TopicPositions positions(String channel, String topic) {
        return new TopicPositions(topic, pool, retry, new GroupOffsets(channel, topic, clients), admin);
    }
}
