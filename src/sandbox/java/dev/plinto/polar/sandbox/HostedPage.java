package dev.plinto.polar.sandbox;

import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/// The answer with a page of a simulated party: it runs no script, and no other site can show it in a frame.
public final class HostedPage {

    /// It names no `form-action`: browsers would apply it to the redirect to the application, too.
    private static final String POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; "
            + "base-uri 'none'; frame-ancestors 'none'";

    private HostedPage() {}

    public static Response answer(int status, TemplateInstance page) {
        return Response.status(status)
                .entity(page.render())
                .type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                .header("Content-Security-Policy", POLICY)
                .header("Cache-Control", "no-store")
                .header("Referrer-Policy", "no-referrer")
                .build();
    }
}
