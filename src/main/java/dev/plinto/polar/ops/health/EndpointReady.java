package dev.plinto.polar.ops.health;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.reconcile.endpoint.EndpointState;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Reports what is wrong with our endpoint at Polar, and is always up: the endpoint is the same for all replicas, and
/// taking one out of service would not repair it.
@Readiness
@ApplicationScoped
class EndpointReady implements HealthCheck {

    private final EndpointState state;
    private final Roles roles;

    EndpointReady(EndpointState state, Roles roles) {
        this.state = state;
        this.roles = roles;
    }

    @Override
    public HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("endpoint").up();
        if (!roles.include(Role.RECONCILE)) {
            return answer.withData("needed", "by no role of this replica").build();
        }
        List<String> findings = state.findings();
        return findings.isEmpty() ? answer.build() : answer.withData("what", String.join(" ", findings)).build();
    }
}
