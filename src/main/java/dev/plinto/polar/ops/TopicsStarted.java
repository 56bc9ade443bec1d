package dev.plinto.polar.ops;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/// Started means that the topics are there, made or found.
@Startup
@ApplicationScoped
class TopicsStarted implements HealthCheck {

    private final PrepareTopics topics;

    TopicsStarted(PrepareTopics topics) {
        this.topics = topics;
    }

    @Override
    public HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("topics");
        return topics.prepared() ? answer.up().build() : answer.down()
                .withData("what", "The topics are not there, or could not be looked at yet. The log says why; this goes "
                        + "on trying. See whether the broker runs, and whether this client may create or describe topics.")
                .build();
    }
}
