package dev.plinto.polar.ops.console;

import dev.plinto.polar.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/// Renders a problem document as a page if the console was requested.
final class RenderProblems {

    private static final String NO_DATABASE = "The console shows what is in PostgreSQL. Check that it runs, and what "
            + "/q/health/ready reports on each replica. Until it answers, no access changes. Replicas with the role "
            + "ingress still accept deliveries, which wait in the broker.";

    @ServerResponseFilter
    void render(ContainerRequestContext request, ContainerResponseContext response) {
        if (isConsole(request.getUriInfo().getPath())
                && response.getEntity() instanceof Problem.Document problem) {
            String detail = problem.type().endsWith(":database-unavailable") ? NO_DATABASE : problem.detail();
            response.setEntity(Pages.problem(problem.title(), detail).render());
            response.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, ConsoleResponses.HTML);
        }
    }

    private static boolean isConsole(String path) {
        return path.equals("/ops") || path.startsWith("/ops/");
    }
}
