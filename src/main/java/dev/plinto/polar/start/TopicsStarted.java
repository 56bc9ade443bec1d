package dev.plinto.polar.start;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.ingress.spool.Spool;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/// Up once the topics exist, created or found. A replica with the role `ingress` is up earlier if its spool is ready,
/// so that it can be restarted during an outage of the broker.
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
        var response = HealthCheckResponse.named("topics");
        boolean canSpool = roles.include(Role.INGRESS) && spool.isReady();
        return topics.prepared() || canSpool
                ? response.up().build()
                : response.down()
                        .withData("what",
                                "The topics do not exist, or could not be checked yet. The log has the reason; the "
                                        + "service keeps trying. Check that the broker runs, and that this client "
                                        + "may create or describe topics.")
                        .build();
    }
}
