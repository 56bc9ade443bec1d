package dev.plinto.polar;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Objects;

/// An error answer (RFC 9457). `name` is the last part of its stable `type`, `urn:plinto:polar:<name>`;
/// `detail` says what to do, and never repeats a secret, a token, a body or an exception's text.
public record Problem(String name, int status, String title, String detail) {

    public static final String MEDIA_TYPE = "application/problem+json";

    public Problem {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(detail, "detail");
    }

    /// For every request that needs PostgreSQL while it does not answer.
    public static WebApplicationException databaseUnavailable() {
        Problem problem = new Problem("database-unavailable", 503, "The database does not answer",
                "Nothing is wrong with the request. Try again in a few seconds.");
        return new WebApplicationException(problem.title,
                problem.responseBuilder().header(HttpHeaders.RETRY_AFTER, 5).build());
    }

    /// For a list whose cursor is not one of this service.
    public static WebApplicationException cursorInvalid() {
        return new Problem("parameter-invalid", 400, "That is no cursor",
                "Send what the page before has in its field next, or leave the parameter out.").exception();
    }

    public Response response() {
        return responseBuilder().build();
    }

    public Response.ResponseBuilder responseBuilder() {
        return Response.status(status).type(MediaType.valueOf(MEDIA_TYPE)).entity(document());
    }

    /// For code that must leave at once; `ProblemMappers` answers it.
    public WebApplicationException exception() {
        return new WebApplicationException(title, response());
    }

    public Document document() {
        return new Document("urn:plinto:polar:" + name, title, status, detail);
    }

    /// The document as it is served.
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Document(String type, String title, int status, String detail) {}
}
