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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The provider's token endpoint: tokens for a code and its verifier, or for a refresh token.
@Singleton
@Path(OpenIdProvider.PATH)
public class ExchangeGrant {

    static final String CODE = "authorization_code";
    static final String REFRESH_TOKEN = "refresh_token";

    private final Codes codes;
    private final RefreshTokens refreshTokens;
    private final Tokens tokens;

    ExchangeGrant(Codes codes, RefreshTokens refreshTokens, Tokens tokens) {
        this.codes = codes;
        this.refreshTokens = refreshTokens;
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
        return switch (form.required("grant_type")) {
            case CODE -> byCode(form, client);
            case REFRESH_TOKEN -> byRefreshToken(form, client);
            default -> throw new OAuthFailure("unsupported_grant_type", "grant_type must be " + CODE + " or "
                    + REFRESH_TOKEN + ". For a token without a sign-in, POST " + OpenIdProvider.PATH + "/token.");
        };
    }

    private Issued byCode(Parameters form, String client) {
        String verifier = form.required("code_verifier");
        String returnAddress = form.required("redirect_uri");
        return codes.redeem(form.required("code"))
                .filter(grant -> grant.request().clientId().equals(client)
                        && grant.request().redirectUri().toString().equals(returnAddress)
                        && grant.request().isMadeWith(verifier))
                .map(grant -> issue(grant, refreshTokens.issue(grant)))
                .orElseThrow(() -> new OAuthFailure("invalid_grant", "The code is unknown, used, older than "
                        + Codes.LIFETIME.toSeconds() + " s, or of another client_id, redirect_uri or code_verifier. "
                        + "Sign in again for a new one."));
    }

    private Issued byRefreshToken(Parameters form, String client) {
        Optional<List<String>> scopes = form.one("scope").map(AuthorizationRequest::words);
        return refreshTokens.redeem(form.required("refresh_token"), client)
                .map(family -> issue(family.grant().again(scopes), family.token()))
                .orElseThrow(() -> new OAuthFailure("invalid_grant", "The refresh token is unknown, older than "
                        + RefreshTokens.LIFETIME.toDays() + " days, of another client_id, or used: each counts once, "
                        + "and one that comes again ends those after it, as does sign-out. Sign in again."));
    }

    private Issued issue(Grant grant, String refreshToken) {
        AuthorizationRequest request = grant.request();
        return new Issued(tokens.access(grant.person(), request), "Bearer", Tokens.LIFETIME.toSeconds(),
                String.join(" ", request.scopes()),
                request.wantsIdToken() ? Optional.of(tokens.id(grant.person(), request)) : Optional.empty(),
                refreshToken);
    }

    private static Response.ResponseBuilder answer(int status, Object body) {
        return Response.status(status).entity(body).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Issued(String accessToken, String tokenType, long expiresIn, String scope, Optional<String> idToken,
            String refreshToken) {

        /// Without the tokens.
        @Override
        public String toString() {
            return "Issued";
        }
    }
}
