package dev.plinto.polar.sandbox.plinto;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The provider's token endpoint: a code and its verifier for tokens.
@Singleton
@Path(OpenIdProvider.PATH)
public class ExchangeCode {

    private final Codes codes;
    private final Tokens tokens;

    ExchangeCode(Codes codes, Tokens tokens) {
        this.codes = codes;
        this.tokens = tokens;
    }

    @POST
    @Path(OpenIdProvider.TOKEN)
    @Produces(MediaType.APPLICATION_JSON)
    public Response exchange(MultivaluedMap<String, String> form,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        try {
            return answer(200, exchange(Parameters.of(form), Optional.ofNullable(authorization))).build();
        } catch (OAuthFailure failure) {
            Map<String, String> body = Map.of("error", failure.error(), "error_description", failure.description());
            return failure.error().equals("invalid_client")
                    ? answer(401, body).header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"sandbox\"").build()
                    : answer(400, body).build();
        }
    }

    private Issued exchange(Parameters form, Optional<String> authorization) {
        String client = Clients.authenticated(form, authorization);
        if (!form.required("grant_type").equals("authorization_code")) {
            throw new OAuthFailure("unsupported_grant_type", "grant_type must be authorization_code. For a token "
                    + "without a sign-in, POST " + OpenIdProvider.PATH + "/token.");
        }
        String verifier = form.required("code_verifier");
        String returnAddress = form.required("redirect_uri");
        return codes.redeem(form.required("code"))
                .filter(grant -> grant.request().clientId().equals(client)
                        && grant.request().redirectUri().toString().equals(returnAddress)
                        && grant.request().isMadeWith(verifier))
                .map(this::issue)
                .orElseThrow(() -> new OAuthFailure("invalid_grant", "The code is unknown, used, older than "
                        + Codes.LIFETIME.toSeconds() + " s, or of another client_id, redirect_uri or code_verifier. "
                        + "Sign in again for a new one."));
    }

    private Issued issue(Codes.Grant grant) {
        AuthorizationRequest request = grant.request();
        return new Issued(tokens.access(grant.person(), request), "Bearer", Tokens.LIFETIME.toSeconds(),
                String.join(" ", request.scopes()),
                request.wantsIdToken() ? Optional.of(tokens.id(grant.person(), request)) : Optional.empty());
    }

    private static Response.ResponseBuilder answer(int status, Object body) {
        return Response.status(status).entity(body).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Issued(String accessToken, String tokenType, long expiresIn, String scope, Optional<String> idToken) {

        /// Without the tokens.
        @Override
        public String toString() {
            return "Issued";
        }
    }
}
