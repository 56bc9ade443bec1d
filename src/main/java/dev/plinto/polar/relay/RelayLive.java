package dev.plinto.polar.relay;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// Live means that the thread that publishes, or waits to lead, runs.
@Liveness
@ApplicationScoped
class RelayLive implements HealthCheck {

    private final RelayChanges relay;

    RelayLive(RelayChanges relay) {
        this.relay = relay;
    }

    @Override
    public HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("relay");
        return relay.isAlive()
                ? answer.up().build()
                : answer.down()
                        .withData("what",
                                "The thread that publishes changes ended with a failure, which is in the log. Restart "
                                        + "this replica; nothing is lost, and another replica takes over meanwhile.")
                        .build();
    }
}
