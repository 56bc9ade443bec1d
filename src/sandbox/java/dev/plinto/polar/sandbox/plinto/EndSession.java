package dev.plinto.polar.sandbox.plinto;

import jakarta.inject.Singleton;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwt.JwtClaims;
import org.jspecify.annotations.Nullable;

/// Signs a person out at the provider, at the request of a client (OpenID Connect RP-Initiated Logout). It asks for no
/// confirmation.
@Singleton
@Path(OpenIdProvider.PATH)
public class EndSession {

    private final Sessions sessions;
    private final RefreshTokens refreshTokens;
    private final PlintoKeys keys;
    private final SignInPages pages;

    EndSession(Sessions sessions, RefreshTokens refreshTokens, PlintoKeys keys, SignInPages pages) {
        this.sessions = sessions;
        this.refreshTokens = refreshTokens;
        this.keys = keys;
        this.pages = pages;
    }

    @GET
    @Path(OpenIdProvider.END_SESSION)
    public Response end(@Context UriInfo request, @CookieParam(Sessions.COOKIE) @Nullable String session) {
        return end(Parameters.of(request.getQueryParameters()), session);
    }

    @POST
    @Path(OpenIdProvider.END_SESSION)
    public Response endForm(MultivaluedMap<String, String> form,
            @CookieParam(Sessions.COOKIE) @Nullable String session) {
        return end(Parameters.of(form), session);
    }

    private Response end(Parameters sent, @Nullable String session) {
        try {
            Optional<JwtClaims> idToken = sent.one("id_token_hint").map(this::idToken);
            Optional<URI> back = returnAddress(sent, idToken);
            Response answer = back.map(address -> Response.seeOther(address).build()).orElseGet(pages::signedOut);
            Optional<SignedIn> person = sessions.find(session);
            boolean isOfPerson = person.stream()
                    .allMatch(signedIn -> idToken.stream().allMatch(token -> is(token, "sub", signedIn.subject())));
            if (session == null || !isOfPerson) {
                return answer;
            }
            person.ifPresent(refreshTokens::end);
            return Response.fromResponse(answer).cookie(sessions.end(session)).build();
        } catch (OAuthFailure failure) {
            return pages.refused(failure);
        }
    }

    /// Also an expired one: the client may have had it for long.
    private JwtClaims idToken(String hint) {
        return keys.verified(hint).orElseThrow(
                () -> OAuthFailure.invalidRequest("id_token_hint must be an ID token of this provider."));
    }

    private static Optional<URI> returnAddress(Parameters sent, Optional<JwtClaims> idToken) {
        Optional<String> client = sent.one("client_id");
        if (client.isPresent() && !idToken.stream().allMatch(token -> is(token, "aud", client.get()))) {
            throw OAuthFailure.invalidRequest("id_token_hint is of another client than client_id.");
        }
        Optional<String> address = sent.one("post_logout_redirect_uri");
        if (address.isPresent() && client.isEmpty() && idToken.isEmpty()) {
            throw OAuthFailure.invalidRequest("Send id_token_hint or client_id with post_logout_redirect_uri.");
        }
        return address.map(to -> ReturnAddress.loopback("post_logout_redirect_uri", to))
                .map(to -> ReturnAddress.with(to, sent.one("state").map(state -> Map.of("state", state))
                        .orElse(Map.of())));
    }

    private static boolean is(JwtClaims token, String claim, String value) {
        return value.equals(token.getClaimValue(claim));
    }
}
