package dev.plinto.polar.start;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.ingress.spool.Spool;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/// Started means that the topics are there, made or found. A replica that takes deliveries can begin before, where the
/// spool takes them: one that is restarted during an outage of the broker is not to be held back by it.
@Startup
@ApplicationScoped
class TopicsStarted implements HealthCheck {

    private final PrepareTopics topics;
    private final Spool spool;
    private final Roles roles;

    TopicsStarted(PrepareTopics topics, Spool spool, Roles roles) {
        this.topics = topics;
        this.spool = spool;
        this.roles = roles;
    }

    @Override
    public HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("topics");
        boolean spools = roles.include(Role.INGRESS) && spool.isReady();
        return topics.prepared() || spools
                ? answer.up().build()
                : answer.down()
                        .withData("what",
                                "The topics are not there, or could not be looked at yet. The log says why; this goes "
                                        + "on trying. See whether the broker runs, and whether this client may create or describe topics.")
                        .build();
    }
}
