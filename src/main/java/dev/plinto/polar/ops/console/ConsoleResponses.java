package dev.plinto.polar.ops.console;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/// Answers of the console that are no page of their own.
final class ConsoleResponses {

    static final String HTML = MediaType.TEXT_HTML + ";charset=UTF-8";

    /// A page that says what is wrong and what to do.
    static Response page(int status, String title, String detail) {
        return Response.status(status).type(HTML).entity(Pages.problem(title, detail).render()).build();
    }

    /// After something was done, so that loading the page again does not do it again.
    static Response seeOther(String page) {
        return Response.seeOther(URI.create(page)).build();
    }

    private ConsoleResponses() {}
}
