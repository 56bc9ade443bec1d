package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/// What a program is told as a problem document, a person is told as a page.
final class RenderProblems {

    @ServerResponseFilter
    void render(ContainerRequestContext request, ContainerResponseContext response) {
        if (GuardConsole.isConsole(request.getUriInfo().getPath())
                && response.getEntity() instanceof Problem.Document problem) {
            response.setEntity(Pages.problem(problem.title(), problem.detail()).render());
            response.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, ConsoleAnswer.HTML);
        }
    }
}
