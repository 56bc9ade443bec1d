package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Permission;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.ext.Provider;

/// Refuses operators' calls with a query parameter that has no value: it comes from a script whose variable was empty,
/// and would select more than intended. The console's forms send fields without a value on purpose: there they are no
/// filter.
@Provider
class RefuseEmptyParameters implements DynamicFeature {

    /// A stranger is refused first.
    private static final int AFTER_THE_CALLER = Priorities.AUTHORIZATION + 1;

    @Override
    public void configure(ResourceInfo call, FeatureContext context) {
        Needs needs = call.getResourceClass().getAnnotation(Needs.class);
        if (needs != null && needs.value() == Permission.OPERATE) {
            context.register((ContainerRequestFilter) RefuseEmptyParameters::refuse, AFTER_THE_CALLER);
        }
    }

    private static void refuse(ContainerRequestContext request) {
        request.getUriInfo().getQueryParameters().forEach((name, values) -> {
            if (values.stream().anyMatch(String::isBlank)) {
                throw Problem.parameterEmpty(name).exception();
            }
        });
    }
}
