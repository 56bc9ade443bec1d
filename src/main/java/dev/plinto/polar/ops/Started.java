package dev.plinto.polar.ops;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/// Started means that what the service stands on is there: the topics, made or found. (The schema is migrated before
/// anything else runs.)
@Startup
@ApplicationScoped
class Started implements HealthCheck {

    private final PrepareTopics topics;

    Started(PrepareTopics topics) {
        this.topics = topics;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("topics").status(topics.prepared()).build();
    }
}
