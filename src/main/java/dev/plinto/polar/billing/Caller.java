package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import jakarta.enterprise.context.RequestScoped;
import jakarta.json.JsonString;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;

/// Who asks, by a Plinto access token whose signature, issuer, audience and expiry are verified already, and for which
/// organization it speaks.
@RequestScoped
public class Caller {

    private static final Set<String> READERS = Set.of("owner", "admin", "member", "viewer");
    private static final String READ_ANY_ORGANIZATION = "billing:read";

    private final JsonWebToken token;
    private final TokenConfig config;

    Caller(JsonWebToken token, TokenConfig config) {
        this.token = token;
        this.config = config;
    }

    /// Throws a problem unless this caller may read what the organization has.
    void requireReader(String organizationId) {
        requireAccessToken();
        boolean member = organization().equals(Optional.of(organizationId))
                && !Collections.disjoint(roles(), READERS);
        if (!member && !isServiceThatReadsAny()) {
            throw new Problem("organization-not-allowed", 403, "The token does not speak for this organization",
                    "Reading needs a token of the organization itself with the role owner, admin, member or viewer, "
                            + "or a service's with the scope billing:read.").exception();
        }
    }

    /// Throws a problem unless this caller operates the service.
    public void requireOperator() {
        requireAccessToken();
        if (!roles().contains("ops")) {
            throw new Problem("role-not-allowed", 403, "The token's role does not allow this",
                    "Operating needs a token with the role ops.").exception();
        }
    }

    private void requireAccessToken() {
        if (!text("type").equals(Optional.of("access"))) { // a refresh token has the same issuer, audience and key
            Problem problem = new Problem("token-not-accepted", 401, "The token is no access token",
                    "Its claim type is not access. Send the access token, not the refresh token.");
            throw new WebApplicationException(problem.title(), problem.responseBuilder()
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer").build());
        }
    }

    private Optional<String> organization() {
        return config.jwt().organizationClaims().stream().map(this::text).flatMap(Optional::stream).findFirst();
    }

    /// A person's token may carry scopes too, so one with a role in an organization is none, nor one that says that it
    /// was made for a person; and one that names an organization must say that it was made for a service.
    private boolean isServiceThatReadsAny() {
        Optional<Boolean> byUse = text("token_use").map("client_credentials"::equals);
        Optional<Boolean> byActor = text("actor_type").map("service_account"::equals);
        boolean denied = byUse.equals(Optional.of(false)) || byActor.equals(Optional.of(false));
        boolean said = byUse.isPresent() || byActor.isPresent();
        return texts("scope").contains(READ_ANY_ORGANIZATION)
                && Collections.disjoint(roles(), READERS)
                && !denied
                && (said || organization().isEmpty());
    }

    private Collection<String> roles() {
        return texts("roles");
    }

    private Optional<String> text(String claim) {
        return switch (token.<Object>getClaim(claim)) {
            case String text when !text.isBlank() -> Optional.of(text);
            case JsonString text when !text.getString().isBlank() -> Optional.of(text.getString());
            case null, default -> Optional.empty();
        };
    }

    /// A claim may be one text, a list of texts, or, as OAuth writes scopes, texts with spaces between.
    private List<String> texts(String claim) {
        return switch (token.<Object>getClaim(claim)) {
            case String text -> Arrays.asList(text.split(" "));
            case JsonString text -> Arrays.asList(text.getString().split(" "));
            case Collection<?> list -> list.stream()
                    .map(item -> item instanceof JsonString text ? text.getString() : String.valueOf(item))
                    .toList();
            case null, default -> List.of();
        };
    }
}
