package dev.plinto.polar.caller;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/// Refuses requests to [OperatorsOnly] resources unless the caller is an operator.
@Provider
@OperatorsOnly
@Priority(Priorities.AUTHORIZATION)
class RequireOperator implements ContainerRequestFilter {

    private final SecurityIdentity identity;

    RequireOperator(SecurityIdentity identity) {
        this.identity = identity;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Caller.of(identity).requireOperator();
    }
}
