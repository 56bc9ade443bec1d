package dev.plinto.polar.ops.console;

import dev.plinto.polar.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/// What a program is told as a problem document, a person is told as a page.
final class RenderProblems {

    private static final String NO_DATABASE = "All that the console shows is in it. See whether PostgreSQL runs, and "
            + "what /q/health/ready says on each replica. Meanwhile nothing is decided anew; replicas with the role "
            + "ingress go on taking deliveries, which wait in the broker.";

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
