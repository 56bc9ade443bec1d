package dev.plinto.polar.ops.console;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/// Responses of the console other than its regular pages.
final class ConsoleResponses {

    static final String HTML = MediaType.TEXT_HTML + ";charset=UTF-8";

    /// An error page: what is wrong, and what to do.
    static Response page(int status, String title, String detail) {
        return Response.status(status).type(HTML).entity(Pages.problem(title, detail).render()).build();
    }

    /// Redirects after an action, so that reloading the page does not repeat it.
    static Response seeOther(String page) {
        return Response.seeOther(URI.create(page)).build();
    }

    private ConsoleResponses() {}
}
