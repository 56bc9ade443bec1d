package dev.plinto.polar;

import io.quarkus.logging.Log;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Turns every failure of a request into a problem document.
final class ProblemMappers {

    @ServerExceptionMapper
    Response unauthorized(UnauthorizedException missing) {
        return tokenNotAccepted("No token was sent.");
    }

    @ServerExceptionMapper
    Response unauthorized(AuthenticationFailedException failed) {
        return tokenNotAccepted("The token's signature, issuer, audience or expiry is not accepted, or its claim type "
                + "is not access, as a refresh token's.");
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException forbidden) {
        return new Problem("role-not-allowed", 403, "The token's role or scope does not allow this",
                "Send a token that has the role this call needs.").response();
    }

    @ServerExceptionMapper
    Response of(WebApplicationException failure) {
        Response response = failure.getResponse();
        if (response.hasEntity()) { // already a problem document
            return response;
        }
        return Problem.ofStatus(response.getStatus(), response.getStatusInfo().getReasonPhrase()).responseBuilder()
                .header(HttpHeaders.ALLOW, response.getHeaderString(HttpHeaders.ALLOW)) // null unless 405: no header
                .build();
    }

    @ServerExceptionMapper
    Response of(Throwable unexpected) {
        Log.error("A request failed with an internal error", unexpected);
        return new Problem("internal-error", 500, "Internal error",
                "It was logged; retrying may help.").response();
    }

    private static Response tokenNotAccepted(String why) {
        return new Problem("token-not-accepted", 401, "The call needs a valid Plinto access token",
                why + " Send Authorization: Bearer <access token>.").responseBuilder()
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer").build();
    }
}
