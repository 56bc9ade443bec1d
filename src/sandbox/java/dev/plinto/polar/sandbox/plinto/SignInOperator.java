package dev.plinto.polar.sandbox.plinto;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/// Stands in for the console's sign-in: every visitor is an operator, and the console says so, with a link to sign in
/// as a person instead ([SwitchConsoleSignIn]). A token in the request takes precedence, and so does a session of a
/// person who signed in, since Quarkus asks its own mechanism first.
@ApplicationScoped
class SignInOperator implements HttpAuthenticationMechanism {

    private static final String ATTRIBUTE = "dev.plinto.polar.signed-in-by-itself"; // GuardConsole reads it
    private static final SecurityIdentity OPERATOR = QuarkusSecurityIdentity.builder()
            .setPrincipal(new QuarkusPrincipal("usr_sandbox"))
            .addRole("ops")
            .addAttribute(ATTRIBUTE, SwitchConsoleSignIn.PATH)
            .build();

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext routing, IdentityProviderManager providers) {
        String path = routing.normalizedPath();
        boolean isConsole = path.equals("/ops") || path.startsWith("/ops/");
        return isConsole && !routing.request().headers().contains(HttpHeaders.AUTHORIZATION)
                && routing.request().getCookie(SwitchConsoleSignIn.COOKIE) == null
                        ? Uni.createFrom().item(OPERATOR)
                        : Uni.createFrom().nullItem();
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext routing) {
        return Uni.createFrom().nullItem();
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of();
    }
}
