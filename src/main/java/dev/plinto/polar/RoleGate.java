package dev.plinto.polar;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/// Refuses requests that need a role which this replica does not run: a delivery that reaches a replica without the
/// role `ingress` must fail visibly.
public final class RoleGate {

    private static final Pattern WEBHOOKS = Pattern.compile("/api/v1/[a-z]+/webhooks");

    private final Roles roles;

    RoleGate(Roles roles) {
        this.roles = roles;
    }

    /// Null lets the request pass.
    @ServerRequestFilter(preMatching = true)
    @Nullable
    Response check(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath();
        if (!path.startsWith("/api/") && !path.equals("/ops") && !path.startsWith("/ops/")) {
            return null;
        }
        Role needed = needed(path);
        return roles.include(needed) ? null : notRunning(needed).response();
    }

    private static Role needed(String path) {
        if (WEBHOOKS.matcher(path).lookingAt()) {
            return Role.INGRESS;
        }
        return path.startsWith("/api/v1/polar/usage") ? Role.USAGE : Role.API;
    }

    public static Problem notRunning(Role needed) {
        return new Problem("role-not-running", 404,
                "This replica does not run the role " + needed,
                "Send the request to a replica that does (POLAR_ROLES), or check what routes it here.");
    }
}
