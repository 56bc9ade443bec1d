package dev.plinto.polar.caller;

import dev.plinto.polar.IdParameter;
import dev.plinto.polar.caller.Needs.OrganizationIn;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import java.util.List;

/// Refuses a call unless its sender has what it needs, before its method runs.
class CheckCaller implements ContainerRequestFilter {

    private static final String ORGANIZATION = "organization_id";

    private final Needs needs;
    private final SecurityIdentity identity;
    private final Authorization authorization;
    private final CallCheck check;

    CheckCaller(Needs needs, SecurityIdentity identity, Authorization authorization, CallCheck check) {
        this.needs = needs;
        this.identity = identity;
        this.authorization = authorization;
        this.check = check;
    }

    static boolean isLeftToMethod(Needs needs) {
        return needs.value().isOfOrganization() && needs.organization() == OrganizationIn.METHOD;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Caller caller = Caller.of(identity);
        if (!needs.value().isOfOrganization()) {
            authorization.require(needs.value(), caller);
            return;
        }
        switch (needs.organization()) {
            case QUERY -> authorization.require(needs.value(), caller, organization(request));
            case METHOD -> {
                authorization.requireAnywhere(needs.value(), caller);
                check.expect(needs.value());
            }
        }
    }

    private static String organization(ContainerRequestContext request) {
        return IdParameter.valid(ORGANIZATION,
                request.getUriInfo().getQueryParameters().getOrDefault(ORGANIZATION, List.of()));
    }
}
