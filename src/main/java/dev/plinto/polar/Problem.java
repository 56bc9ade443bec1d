package dev.plinto.polar;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/// An error response (RFC 9457). `name` is the last part of its stable `type`, `urn:plinto:polar:<name>`; `detail`
/// states what to do, and never repeats a secret, a token, a body or an exception's text. `members` are what else the
/// type has, for programs.
public record Problem(String name, int status, String title, String detail, Map<String, Object> members) {

    public static final String MEDIA_TYPE = "application/problem+json";

    private static final Pattern NAME = Pattern.compile("(?=.{1,30}$)[A-Za-z]+([_-][A-Za-z]+)*");

    public Problem {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(detail, "detail");
        members = Map.copyOf(members);
    }

    public Problem(String name, int status, String title, String detail) {
        this(name, status, title, detail, Map.of());
    }

    /// The same with another member.
    public Problem with(String member, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        more.put(member, value);
        return new Problem(name, status, title, detail, more);
    }

    /// The response to a request that needs PostgreSQL while PostgreSQL does not answer.
    public static WebApplicationException databaseUnavailable() {
        Problem problem = new Problem("database-unavailable", 503, "The database does not answer",
                "The request itself is valid. Try again in a few seconds.");
        return new WebApplicationException(problem.title,
                problem.responseBuilder().header(HttpHeaders.RETRY_AFTER, 5).build());
    }

    /// An error response that the status explains.
    static Problem ofStatus(int status, String reason) {
        return new Problem("http-" + status, status, reason, "Check the path, the method and the parameters.");
    }

    /// The response to a request whose body cannot be read.
    public static WebApplicationException bodyNotJson() {
        return new Problem("body-not-json", 400, "The body is not a JSON object",
                "Nothing was done. Send one JSON object, with each field once.").exception();
    }

    /// The response to a list request whose `after` is not a cursor of this service.
    public static WebApplicationException cursorInvalid() {
        return cursorInvalid("after", "next");
    }

    /// The same, of a call with other names.
    ///
    /// @param parameter that has the cursor
    /// @param field     of the previous page, from which it is
    public static WebApplicationException cursorInvalid(String parameter, String field) {
        return new Problem("parameter-invalid", 400, "The query parameter " + parameter + " is not a cursor",
                "Send the value of the field " + field + " of the previous page, or leave the parameter out.")
                .exception();
    }

    /// The response to a request with an optional query parameter that has no value.
    ///
    /// @param name as the client sent it; told only if it looks like a name: it may be a secret in the wrong place
    public static Problem parameterEmpty(String name) {
        return new Problem("parameter-invalid", 400, parameter(name) + " has no value",
                "Send a value, or leave the parameter out.");
    }

    /// The response to a request with a query parameter that the call does not have.
    ///
    /// @param name as in [#parameterEmpty]
    static Problem parameterUnknown(String name, List<String> known) {
        return new Problem("parameter-invalid", 400, parameter(name) + " is unknown",
                "Nothing was done. The parameters of this call: "
                        + (known.isEmpty() ? "none" : String.join(", ", known)) + ".");
    }

    /// The response to a request with more values of a query parameter than one.
    ///
    /// @param name as in [#parameterEmpty]
    static Problem parameterRepeated(String name) {
        return new Problem("parameter-invalid", 400, parameter(name) + " is there more than once",
                "Nothing was done. Send the parameter once.");
    }

    private static String parameter(String name) {
        return NAME.matcher(name).matches() ? "The query parameter " + name : "A query parameter";
    }

    public Response response() {
        return responseBuilder().build();
    }

    public Response.ResponseBuilder responseBuilder() {
        return Response.status(status).type(MediaType.valueOf(MEDIA_TYPE)).entity(document());
    }

    /// To be thrown; `ProblemMappers` turns it into the response.
    public WebApplicationException exception() {
        return new WebApplicationException(title, response());
    }

    public Document document() {
        return new Document("urn:plinto:polar:" + name, title, status, detail, members);
    }

    /// The response body.
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Document(String type, String title, int status, String detail,
            @JsonAnyGetter Map<String, Object> members) {}
}
