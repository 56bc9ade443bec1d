package dev.plinto.polar.caller;

import dev.plinto.polar.Problem;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;

/// The sender of a request, and the organization that their Plinto access token is for. The token's signature, issuer,
/// audience and expiry are already verified.
public final class Caller {

    /// The role of operators.
    public static final String OPERATOR = "ops";

    static final String ATTRIBUTE = "dev.plinto.polar.caller";
    private static final Set<String> READER_ROLES = Set.of("owner", "admin", "member", "viewer");
    private static final String READ_ANY_SCOPE = "billing:read";

    private final String subject;
    private final boolean hasAccessToken;
    private final Optional<String> organization;
    private final List<String> roles;
    private final boolean mayReadAny;

    /// @param organizationClaims see [TokenConfig.Jwt#organizationClaims()]
    Caller(JsonWebToken token, List<String> organizationClaims) {
        Claims claims = new Claims(token);
        subject = claims.text("sub").orElse("unknown");
        // A refresh token has the same issuer, audience and key.
        hasAccessToken = claims.text("type").equals(Optional.of("access"));
        organization = organizationClaims.stream().map(claims::text).flatMap(Optional::stream).findFirst();
        roles = claims.texts("roles");
        mayReadAny = isServiceWithReadScope(claims);
    }

    /// The caller of the current request, which was authenticated with an access token.
    public static Caller of(SecurityIdentity identity) {
        return identity.getAttribute(ATTRIBUTE);
    }

    /// Empty for an anonymous request, and for an operator who signed in to the console.
    public static Optional<Caller> find(SecurityIdentity identity) {
        return Optional.ofNullable(identity.getAttribute(ATTRIBUTE));
    }

    /// The claim `sub`, the issuer's id of the caller; for the log.
    public String subject() {
        return subject;
    }

    /// Throws a problem (401 or 403) unless this caller may read the organization's access.
    public void requireReader(String organizationId) {
        requireAccessToken();
        boolean member = organization.equals(Optional.of(organizationId)) && isReader();
        if (!member && !mayReadAny) {
            throw new Problem("organization-not-allowed", 403, "The token is not for this organization",
                    "Send a token of this organization with the role owner, admin, member or viewer, or a service's "
                            + "token with the scope billing:read.")
                    .exception();
        }
    }

    /// The same, but operators may read every organization.
    public void requireReaderOrOperator(String organizationId) {
        requireAccessToken();
        if (!roles.contains(OPERATOR)) {
            requireReader(organizationId);
        }
    }

    /// Throws a problem (401 or 403) unless this caller is an operator.
    public void requireOperator() {
        requireAccessToken();
        if (!roles.contains(OPERATOR)) {
            throw new Problem("role-not-allowed", 403, "The token's role does not allow this",
                    "Send a token with the role ops.").exception();
        }
    }

    private void requireAccessToken() {
        if (!hasAccessToken) {
            Problem problem = new Problem("token-not-accepted", 401, "The token is not an access token",
                    "Its claim type is not access. Send the access token, not the refresh token.");
            throw new WebApplicationException(problem.title(), problem.responseBuilder()
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer").build());
        }
    }

    private boolean isReader() {
        return !Collections.disjoint(roles, READER_ROLES);
    }

    /// A person's token may carry scopes too. So a token with a role in an organization is not a service's, nor is a
    /// token that states it was issued for a person; and a token that names an organization must state that it was
    /// issued for a service.
    private boolean isServiceWithReadScope(Claims claims) {
        Optional<Boolean> byUse = claims.text("token_use").map("client_credentials"::equals);
        Optional<Boolean> byActor = claims.text("actor_type").map("service_account"::equals);
        boolean statesPerson = byUse.equals(Optional.of(false)) || byActor.equals(Optional.of(false));
        boolean statesService = byUse.isPresent() || byActor.isPresent();
        return claims.texts("scope").contains(READ_ANY_SCOPE)
                && !isReader()
                && !statesPerson
                && (statesService || organization.isEmpty());
    }
}
