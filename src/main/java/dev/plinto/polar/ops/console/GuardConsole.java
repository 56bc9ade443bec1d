package dev.plinto.polar.ops.console;

import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.caller.Authorization;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.Permission;
import io.quarkus.logging.Log;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.IdTokenCredential;
import io.quarkus.oidc.OIDCException;
import io.quarkus.oidc.OidcSession;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticator;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/// Admits only operators to the console, and refuses forms that other sites send (CSRF).
final class GuardConsole {

    /// The identity has this attribute if the sandbox signed the operator in automatically: the path at which a person
    /// signs in.
    private static final String SIGNED_IN_BY_SANDBOX = "dev.plinto.polar.signed-in-by-itself";

    private static final String BY_API = "Everything that the console does is also a call under /api/v1/polar/ops.";

    private final CurrentIdentityAssociation identities;
    private final CurrentVertxRequest current;
    private final HttpAuthenticator authenticator;
    private final CurrentOperator operator;
    private final FormTokens forms;
    private final Authorization authorization;
    private final OidcSession session;
    private final boolean hasLogin;

    GuardConsole(CurrentIdentityAssociation identities, CurrentVertxRequest current, HttpAuthenticator authenticator,
            CurrentOperator operator, FormTokens forms, Authorization authorization, OidcSession session,
            @ConfigProperty(name = "quarkus.oidc.tenant-enabled") boolean hasLogin) {
        this.identities = identities;
        this.current = current;
        this.authenticator = authenticator;
        this.operator = operator;
        this.forms = forms;
        this.authorization = authorization;
        this.session = session;
        this.hasLogin = hasLogin;
    }

    /// Null admits the request.
    @ServerRequestFilter
    @ForOperators
    Uni<Response> guard(ContainerRequestContext request) {
        String site = request.getHeaderString("Sec-Fetch-Site");
        if (!request.getMethod().equals("GET") && site != null && !site.equals("same-origin")) {
            return Uni.createFrom().item(() -> ConsoleResponses.page(400, "Nothing was done",
                    "The form was sent by another site (" + (site.length() < 20 ? site : "unknown") + ")."));
        }
        RoutingContext routing = current.getCurrent();
        return identities.getDeferredIdentity().flatMap(identity -> identity.isAnonymous()
                ? challenge(routing)
                : Uni.createFrom().deferred(() -> admit(identity)))
                .onFailure(OIDCException.class).recoverWithItem(GuardConsole::noProvider);
    }

    private static Response noProvider(Throwable failure) {
        Log.warnf("Operators cannot sign in to the console: the identity provider does not answer: %s",
                failure.getMessage());
        return ConsoleResponses.page(503, "The identity provider does not answer",
                "Operators cannot sign in. Check that it runs, and that this replica reaches it at "
                        + "QUARKUS_OIDC_AUTH_SERVER_URL. " + BY_API);
    }

    private Uni<Response> challenge(RoutingContext routing) {
        if (!hasLogin) {
            return Uni.createFrom().item(() -> ConsoleResponses.page(503, "The console has no login",
                    "Set QUARKUS_OIDC_AUTH_SERVER_URL, QUARKUS_OIDC_CLIENT_ID and QUARKUS_OIDC_CREDENTIALS_SECRET, and "
                            + "register the address of this page with the identity provider. " + BY_API));
        }
        return authenticator.getChallenge(routing).map(GuardConsole::asResponse);
    }

    private static Response asResponse(@Nullable ChallengeData challenge) {
        if (challenge == null) {
            return ConsoleResponses.page(401, "You are not signed in", "Open /ops again.");
        }
        Response.ResponseBuilder response = Response.status(challenge.status);
        challenge.getHeaders().forEach((name, value) -> response.header(name.toString(), value));
        return response.build();
    }

    /// Null to let the request pass.
    private Uni<@Nullable Response> admit(SecurityIdentity identity) {
        Caller.find(identity).ifPresent(caller -> authorization.require(Permission.OPERATE, caller));
        Actor actor = Actor.operator(subject(identity), Actor.Way.CONSOLE);
        if (!isOperator(identity)) {
            return refuse(identity, actor);
        }
        operator.set(new ConsoleSession(actor, forms.of(identity), identity.getAttribute(SIGNED_IN_BY_SANDBOX)));
        return Uni.createFrom().nullItem();
    }

    /// Ends the session, too: else this browser could sign in again, as somebody else or with the role, only when it
    /// has expired.
    private Uni<Response> refuse(SecurityIdentity identity, Actor actor) {
        Uni<Void> ended = identity.getCredential(IdTokenCredential.class) == null
                ? Uni.createFrom().voidItem()
                : session.logout();
        return ended.map(done -> ConsoleResponses.page(403, "You may not operate this service", "You signed in as "
                + actor.subject() + ", without the role ops. Ask an administrator for it, then open /ops again."));
    }

    private static String subject(SecurityIdentity identity) {
        return Optional.of(identity.getPrincipal())
                .filter(JsonWebToken.class::isInstance).map(token -> ((JsonWebToken) token).getSubject())
                .orElse(identity.getPrincipal().getName());
    }

    /// Quarkus reads roles from a text, too.
    private static boolean isOperator(SecurityIdentity identity) {
        AccessTokenCredential token = identity.getCredential(AccessTokenCredential.class);
        return identity.hasRole(Caller.OPERATOR) && (token == null || Caller.isOperator(token.getToken()));
    }
}
