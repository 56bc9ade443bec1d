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
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// The provider's sign-in: a page on which one says who one is, and a code for the client that asked. There is no
/// password, so codes go to this machine only.
@Singleton
@Path(OpenIdProvider.PATH)
public class SignInPerson {

    private final Sessions sessions;
    private final Codes codes;
    private final Tokens tokens;
    private final SignInPages pages;

    SignInPerson(Sessions sessions, Codes codes, Tokens tokens, SignInPages pages) {
        this.sessions = sessions;
        this.codes = codes;
        this.tokens = tokens;
        this.pages = pages;
    }

    @GET
    @Path(OpenIdProvider.AUTHORIZE)
    public Response authorize(@Context UriInfo request, @CookieParam(Sessions.COOKIE) @Nullable String session) {
        return authorize(Parameters.of(request.getQueryParameters()), session);
    }

    /// OpenID Connect lets clients send the request as a form, too.
    @POST
    @Path(OpenIdProvider.AUTHORIZE)
    public Response authorizeForm(MultivaluedMap<String, String> form,
            @CookieParam(Sessions.COOKIE) @Nullable String session) {
        return authorize(Parameters.of(form), session);
    }

    /// The page's form: the client's parameters, and who signs in.
    @POST
    @Path(OpenIdProvider.SIGN_IN)
    public Response signIn(MultivaluedMap<String, String> form) {
        Parameters sent = Parameters.of(form);
        return answer(sent, (client, request) -> {
            SignedIn signedIn = somebody(sent);
            Optional<String> organization = sent.one(SignInPages.CHOICE).or(signedIn.memberships()::onlyOne);
            if (organization.isEmpty() && !signedIn.memberships().equals(Memberships.NONE)) {
                return pages.askForWhichOrganization(sent, signedIn);
            }
            SignedIn person = organization.map(id -> signedIn.in(id).orElseThrow(() -> OAuthFailure.invalidRequest(
                    SignInPages.CHOICE + " must be an organization of the person."))).orElse(signedIn);
            return Response.fromResponse(code(client, request, person)).cookie(sessions.begin(person)).build();
        });
    }

    private Response authorize(Parameters sent, @Nullable String session) {
        return answer(sent, (client, request) -> request.isSilent()
                ? code(client, request, signedIn(session, request, sent.one("organization_id")))
                : pages.askWhoSignsIn(sent, request));
    }

    private Response answer(Parameters sent, BiFunction<ReturnAddress, AuthorizationRequest, Response> act) {
        ReturnAddress client;
        try {
            client = ReturnAddress.of(sent);
        } catch (OAuthFailure failure) {
            return pages.refused(failure);
        }
        try {
            return act.apply(client, AuthorizationRequest.of(sent, client));
        } catch (OAuthFailure failure) {
            return client.send(failure, tokens.issuer());
        }
    }

    private SignedIn signedIn(@Nullable String session, AuthorizationRequest request, Optional<String> organization) {
        SignedIn person = sessions.find(session)
                .filter(one -> request.maxAge().map(age -> !one.at().plus(age).isBefore(tokens.now()))
                        .orElse(true))
                .orElseThrow(() -> new OAuthFailure("login_required",
                        "Nobody is signed in in this browser, or too long ago. Ask again without prompt=none."));
        return organization.map(id -> person.in(id).orElseThrow(() -> new OAuthFailure("interaction_required",
                "The person who is signed in does not belong to organization_id. Ask again without prompt=none.")))
                .orElse(person);
    }

    private SignedIn somebody(Parameters sent) {
        if (sent.one(SignInPages.CANCEL).isPresent()) {
            throw nobody();
        }
        Person person = Person.of(sent.one("person").orElseThrow(SignInPerson::nobody))
                .orElseThrow(() -> OAuthFailure.invalidRequest("Send a person of the page."));
        return new SignedIn(person, Memberships.of(person, sent), Optional.empty(), tokens.now());
    }

    private static OAuthFailure nobody() {
        return new OAuthFailure("access_denied", "Nobody signed in.");
    }

    private Response code(ReturnAddress client, AuthorizationRequest request, SignedIn person) {
        return client.send(Map.of("code", codes.issue(request, person)), tokens.issuer());
    }
}
