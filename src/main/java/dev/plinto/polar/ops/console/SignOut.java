package dev.plinto.polar.ops.console;

import io.quarkus.oidc.IdTokenCredential;
import io.quarkus.oidc.OidcConfigurationMetadata;
import io.quarkus.oidc.OidcSession;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// Ends an operator's session: here, and at the identity provider if it has an `end_session_endpoint`. Quarkus' own
/// logout would not start without that endpoint.
@Path("/ops")
@Produces(ConsoleResponses.HTML)
public class SignOut {

    private static final String SIGNED_OUT = "/ops/signed-out";

    private final CurrentOperator operator;
    private final SecurityIdentity identity;
    private final OidcSession session;
    private final Instance<OidcConfigurationMetadata> provider;
    private final Optional<String> client;

    SignOut(CurrentOperator operator, SecurityIdentity identity, OidcSession session,
            Instance<OidcConfigurationMetadata> provider,
            @ConfigProperty(name = "quarkus.oidc.client-id") Optional<String> client) {
        this.operator = operator;
        this.identity = identity;
        this.session = session;
        this.provider = provider;
        this.client = client;
    }

    /// Answers with a page that goes on to the identity provider: browsers refuse a redirect to another site as the
    /// answer to a form, by the page's own Content-Security-Policy.
    @POST
    @Path("sign-out")
    @ForOperators
    @Blocking
    public TemplateInstance signOut(@FormParam("form") @Nullable String token, @Context UriInfo request) {
        operator.requireOwnForm(token);
        if (identity.getCredential(IdTokenCredential.class) == null) { // a request with a token has no session
            return Pages.signedOut(null);
        }
        session.logout().await().indefinitely(); // removes the cookie, and asks nobody
        return Pages.signedOut(atProvider(request));
    }

    /// Where an operator lands who was asked to sign in again when signing out.
    @GET
    @Path("sign-out")
    public Response overview() {
        return ConsoleResponses.seeOther("/ops");
    }

    @GET
    @Path("signed-out")
    public TemplateInstance signedOut() {
        return Pages.signedOut(null);
    }

    /// Without `id_token_hint`, which would put a token into a URL; so the provider may ask the operator to confirm.
    private @Nullable String atProvider(UriInfo request) {
        String endSession = provider.get().getEndSessionUri();
        return endSession == null
                ? null
                : UriBuilder.fromUri(endSession)
                        .queryParam("client_id", "{client}")
                        .queryParam("post_logout_redirect_uri", "{back}")
                        .build(client.orElseThrow(), request.getBaseUri().resolve(SIGNED_OUT)).toString();
    }
}
