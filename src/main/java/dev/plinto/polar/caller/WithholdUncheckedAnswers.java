package dev.plinto.polar.caller;

import dev.plinto.polar.Problem;
import io.quarkus.logging.Log;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.Method;

/// A method that answers without having asked [CallCheck] would answer anybody: its answer is withheld.
class WithholdUncheckedAnswers implements ContainerResponseFilter {

    private final Method method;
    private final CallCheck check;

    WithholdUncheckedAnswers(Method method, CallCheck check) {
        this.method = method;
        this.check = check;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext answer) {
        boolean isRefusal = answer.getStatus() >= Response.Status.BAD_REQUEST.getStatusCode();
        if (!isRefusal && check.isDue()) {
            Log.errorf("An answer was withheld: %s did not check the caller's organization", method);
            Problem problem = new Problem("internal-error", 500, "Internal error",
                    "It was logged; retrying does not help.");
            answer.setStatus(problem.status());
            answer.setEntity(problem.document(), null, MediaType.valueOf(Problem.MEDIA_TYPE));
        }
    }
}
