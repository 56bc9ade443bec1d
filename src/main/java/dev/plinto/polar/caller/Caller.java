package dev.plinto.polar.caller;

import dev.plinto.polar.Problem;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;

/// The sender of a request, and the organization that their Plinto access token is for. The token's signature, issuer,
/// audience and expiry are already verified.
public final class Caller {

    /// The role of operators.
    public static final String OPERATOR = "ops";

    static final String ATTRIBUTE = "dev.plinto.polar.caller";
    private static final String ROLES = "roles";
    private static final Set<String> READER_ROLES = Set.of("owner", "admin", "member", "viewer");
    private static final String READ_ANY_SCOPE = "billing:read";

    private final String subject;
    private final boolean hasAccessToken;
    private final Optional<String> organization;
    /// The claim that should name the organization, if it is not a text or empty.
    private final Optional<String> wrongOrganizationClaim;
    private final List<String> roles;
    private final boolean areRolesMalformed;
    private final boolean mayReadAny;

    /// @param organizationClaims see [TokenConfig.Jwt#organizationClaims()]
    Caller(JsonWebToken token, List<String> organizationClaims) {
        Claims claims = new Claims(token);
        subject = claims.text("sub").orElse("unknown");
        // A refresh token has the same issuer, audience and key.
        hasAccessToken = claims.text("type").equals(Optional.of("access"));
        Optional<String> organizationClaim = organizationClaims.stream().filter(claims::has).findFirst();
        organization = organizationClaim.flatMap(claims::text);
        wrongOrganizationClaim = organizationClaim.filter(claim -> organization.isEmpty());
        roles = claims.list(ROLES);
        areRolesMalformed = claims.has(ROLES) && !claims.isList(ROLES);
        mayReadAny = isServiceWithReadScope(claims);
    }

    /// Whether an access token, which is already verified, has the role of operators. False if it is opaque.
    public static boolean isOperator(String accessToken) {
        try {
            JwtClaims claims = new JwtConsumerBuilder().setSkipAllValidators().setSkipSignatureVerification().build()
                    .processToClaims(accessToken);
            return new Claims(new DefaultJWTCallerPrincipal(claims)).list(ROLES).contains(OPERATOR);
        } catch (InvalidJwtException opaque) {
            return false;
        }
    }

    /// The caller of the current request. Throws a problem (401) if the request has no access token, such as one with
    /// an operator's session of the console.
    public static Caller of(SecurityIdentity identity) {
        return find(identity).orElseThrow(() -> tokenNotAccepted("The call needs a Plinto access token",
                "No token was sent. Send Authorization: Bearer <access token>."));
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
        wrongOrganizationClaim.ifPresent(claim -> {
            throw new Problem("organization-not-allowed", 403, "The token does not name its organization",
                    "Its claim " + claim + " must be a text that is not empty. Send a token that names the "
                            + "organization there.")
                    .exception();
        });
        boolean member = organization.equals(Optional.of(organizationId)) && isReader();
        if (!member && !mayReadAny) {
            throw new Problem("organization-not-allowed", 403, "The token is not for this organization",
                    rolesHint() + "Send a token of this organization with the role owner, admin, member or viewer, or "
                            + "a service's token with the scope billing:read.")
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
                    rolesHint() + "Send a token with the role ops.").exception();
        }
    }

    private void requireAccessToken() {
        if (!hasAccessToken) {
            throw tokenNotAccepted("The token is not an access token",
                    "Its claim type is not access. Send the access token, not the refresh token.");
        }
    }

    private static WebApplicationException tokenNotAccepted(String title, String detail) {
        return new WebApplicationException(title, new Problem("token-not-accepted", 401, title, detail)
                .responseBuilder().header(HttpHeaders.WWW_AUTHENTICATE, "Bearer").build());
    }

    private String rolesHint() {
        return areRolesMalformed ? "The token's claim roles is not a list, so it gives no role. " : "";
    }

    private boolean isReader() {
        return !Collections.disjoint(roles, READER_ROLES);
    }

    /// A person's token may carry scopes too. So a token with a role in an organization is not a service's, nor is a
    /// token that states it was issued for a person; and a token that names an organization must state that it was
    /// issued for a service. A malformed claim states nothing in favour of a service.
    private boolean isServiceWithReadScope(Claims claims) {
        boolean statesPerson = statesOtherThan("client_credentials", claims, "token_use")
                || statesOtherThan("service_account", claims, "actor_type");
        boolean statesService = claims.has("token_use") || claims.has("actor_type");
        return claims.scopes().contains(READ_ANY_SCOPE)
                && !isReader()
                && !areRolesMalformed
                && !statesPerson
                && (statesService || organization.isEmpty());
    }

    private static boolean statesOtherThan(String expected, Claims claims, String claim) {
        return claims.has(claim) && !claims.text(claim).equals(Optional.of(expected));
    }
}
