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

/// Who asks, by a Plinto access token whose signature, issuer, audience and expiry are verified already, and for which
/// organization it speaks.
public final class Caller {

    /// The role of those who operate the service.
    public static final String OPERATOR = "ops";

    static final String ATTRIBUTE = "dev.plinto.polar.caller";
    private static final Set<String> READERS = Set.of("owner", "admin", "member", "viewer");
    private static final String READ_ANY_ORGANIZATION = "billing:read";

    private final String subject;
    private final boolean hasAccessToken;
    private final Optional<String> organization;
    private final List<String> roles;
    private final boolean mayReadAny;

    /// @param organizationClaims see [TokenConfig.Jwt#organizationClaims()]
    Caller(JsonWebToken token, List<String> organizationClaims) {
        Claims claims = new Claims(token);
        subject = claims.text("sub").orElse("without a name");
        hasAccessToken = claims.text("type").equals(Optional.of("access")); // a refresh token has the same issuer, audience and key
        organization = organizationClaims.stream().map(claims::text).flatMap(Optional::stream).findFirst();
        roles = claims.texts("roles");
        mayReadAny = isServiceThatReadsAny(claims);
    }

    /// Of the request that is under way.
    public static Caller of(SecurityIdentity identity) {
        return identity.getAttribute(ATTRIBUTE);
    }

    /// Who it is, by the issuer's id; for the log.
    public String subject() {
        return subject;
    }

    /// Throws a problem unless this caller may read what the organization has.
    public void requireReader(String organizationId) {
        requireAccessToken();
        boolean member = organization.equals(Optional.of(organizationId)) && isReader();
        if (!member && !mayReadAny) {
            throw new Problem("organization-not-allowed", 403, "The token does not speak for this organization",
                    "Reading needs a token of the organization itself with the role owner, admin, member or viewer, "
                            + "or a service's with the scope billing:read.")
                    .exception();
        }
    }

    /// The same, unless this caller operates the service, who may see why anybody has access.
    public void requireReaderOrOperator(String organizationId) {
        requireAccessToken();
        if (!roles.contains(OPERATOR)) {
            requireReader(organizationId);
        }
    }

    /// Throws a problem unless this caller operates the service.
    public void requireOperator() {
        requireAccessToken();
        if (!roles.contains(OPERATOR)) {
            throw new Problem("role-not-allowed", 403, "The token's role does not allow this",
                    "Operating needs a token with the role ops.").exception();
        }
    }

    private void requireAccessToken() {
        if (!hasAccessToken) {
            Problem problem = new Problem("token-not-accepted", 401, "The token is no access token",
                    "Its claim type is not access. Send the access token, not the refresh token.");
            throw new WebApplicationException(problem.title(), problem.responseBuilder()
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer").build());
        }
    }

    private boolean isReader() {
        return !Collections.disjoint(roles, READERS);
    }

    /// A person's token may carry scopes too, so one with a role in an organization is none, nor one that says that it
    /// was made for a person; and one that names an organization must say that it was made for a service.
    private boolean isServiceThatReadsAny(Claims claims) {
        Optional<Boolean> byUse = claims.text("token_use").map("client_credentials"::equals);
        Optional<Boolean> byActor = claims.text("actor_type").map("service_account"::equals);
        boolean denied = byUse.equals(Optional.of(false)) || byActor.equals(Optional.of(false));
        boolean said = byUse.isPresent() || byActor.isPresent();
        return claims.texts("scope").contains(READ_ANY_ORGANIZATION)
                && !isReader()
                && !denied
                && (said || organization.isEmpty());
    }
}
