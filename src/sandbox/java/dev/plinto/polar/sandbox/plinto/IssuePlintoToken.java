package dev.plinto.polar.sandbox.plinto;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/// Gives every request a token with the claims that it names, without a sign-in.
@Singleton
@Path("/sandbox/plinto")
@Produces(MediaType.APPLICATION_JSON)
public class IssuePlintoToken {

    private final Tokens tokens;
    private final ObjectMapper json;

    IssuePlintoToken(Tokens tokens, ObjectMapper json) {
        this.tokens = tokens;
        this.json = json;
    }

    /// Accepts any content type, so that `curl -d '{…}'` works, and an empty body.
    @POST
    @Blocking
    @Path("/token")
    @Consumes(MediaType.WILDCARD)
    public Token token(byte[] body) {
        return new Token(tokens.access(TokenRequest.read(body, json)));
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Token(String accessToken) {}
}
