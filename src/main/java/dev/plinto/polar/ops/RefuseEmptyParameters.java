package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.caller.OperatorsOnly;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/// Refuses calls with a query parameter that has no value: it comes from a script whose variable was empty, and would
/// select more than intended. The console's forms send fields without a value on purpose: there they are no filter.
@Provider
@OperatorsOnly
@Priority(Priorities.AUTHORIZATION + 1)
class RefuseEmptyParameters implements ContainerRequestFilter {

    @Override
    public void filter(ContainerRequestContext request) {
        request.getUriInfo().getQueryParameters().forEach((name, values) -> {
            if (values.stream().anyMatch(String::isBlank)) {
                throw Problem.parameterEmpty(name).exception();
            }
        });
    }
}
