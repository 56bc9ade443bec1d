package dev.plinto.polar.caller;

import static java.util.Comparator.naturalOrder;
import static java.util.function.Predicate.not;

import dev.plinto.polar.CountryCode;
import dev.plinto.polar.caller.Caller.Email;
import dev.plinto.polar.caller.Caller.Person;
import dev.plinto.polar.caller.Caller.Service;
import dev.plinto.polar.caller.Caller.Unreadable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/// Reads who the caller is from the claims of their access token, once.
final class TokenReader {

    private static final String ROLES = "roles";
    private static final String ORG_ROLE = "org_role";
    private static final String ORG_ROLES = "org_roles";
    /// Each with the value that says that the token is a service's. Another value says that it is a person's.
    private static final Map<String, String> KINDS = Map.of("token_use", "client_credentials", "actor_type",
            "service_account");
    private static final String ALL_CLIENTS = "*";

    private final List<String> organizationClaims;
    private final boolean areRolesOfOrganization;
    private final Set<String> serviceClients;

    TokenReader(TokenConfig config) {
        organizationClaims = config.jwt().organizationClaims();
        areRolesOfOrganization = config.jwt().rolesOfOrganization();
        serviceClients = config.serviceClients().orElse(Set.of());
    }

    static boolean isAccessToken(JsonWebToken token) {
        // A refresh token has the same issuer, audience and key.
        return new Claims(token).text("type").equals(Optional.of("access"));
    }

    Caller read(JsonWebToken token) {
        Claims claims = new Claims(token);
        String subject = claims.text("sub").orElse("unknown");
        Optional<String> client = claims.text("client_id");
        Optional<String> fault = fault(claims);
        if (fault.isPresent()) {
            return new Unreadable(subject, client, fault.get());
        }
        boolean isOperator = claims.list(ROLES).contains(Caller.OPERATOR);
        Optional<String> organization = organizationClaim(claims).flatMap(claims::text);
        return KINDS.keySet().stream().anyMatch(kind -> saysService(kind, claims))
                ? new Service(subject, client, isOperator, organization, ServiceScope.of(claims.scopes()),
                        isListed(client))
                : person(subject, client, isOperator, organization, claims);
    }

    /// The first claim that cannot be read.
    private Optional<String> fault(Claims claims) {
        return Stream.of(
                organizationClaim(claims).filter(claim -> claims.text(claim).isEmpty())
                        .map(claim -> "claim " + claim + " must be a text that is not empty"),
                malformed(ROLES, claims, claim -> claims.items(claim).isPresent(), "is not a list"),
                malformed(ORG_ROLE, claims, claim -> claims.text(claim).isPresent(), "is not a text"),
                malformed(ORG_ROLES, claims, claim -> claims.object(claim).isPresent(), "is not an object"),
                KINDS.keySet().stream().sorted().flatMap(kind -> malformed(kind, claims,
                        claim -> claims.text(claim).isPresent(), "is not a text").stream()).findFirst(),
                contradiction(claims))
                .flatMap(Optional::stream).findFirst();
    }

    private static Optional<String> malformed(String name, Claims claims, Predicate<String> isRight, String why) {
        return Optional.of(name).filter(claims::has).filter(not(isRight)).map(claim -> "claim " + claim + " " + why);
    }

    private static Optional<String> contradiction(Claims claims) {
        boolean saysPerson = KINDS.keySet().stream().anyMatch(kind -> claims.has(kind) && !saysService(kind, claims));
        boolean saysService = KINDS.keySet().stream().anyMatch(kind -> saysService(kind, claims));
        return saysPerson && saysService
                ? Optional.of("claims token_use and actor_type contradict each other")
                : Optional.empty();
    }

    private static boolean saysService(String kind, Claims claims) {
        return claims.text(kind).equals(Optional.ofNullable(KINDS.get(kind)));
    }

    private Optional<String> organizationClaim(Claims claims) {
        return organizationClaims.stream().filter(claims::has).findFirst();
    }

    private boolean isListed(Optional<String> client) {
        return serviceClients.contains(ALL_CLIENTS) || client.filter(serviceClients::contains).isPresent();
    }

    private Person person(String subject, Optional<String> client, boolean isOperator, Optional<String> organization,
            Claims claims) {
        Map<String, OrganizationRole> roles = new HashMap<>();
        Map<?, ?> byOrganization = claims.object(ORG_ROLES).orElse(Map.of());
        byOrganization.forEach((id, name) -> named(name).ifPresent(role -> roles.put(id.toString(), role)));
        organization.ifPresent(own -> {
            roles.remove(own);
            roleInOwn(own, byOrganization, claims).ifPresent(role -> roles.put(own, role));
        });
        return new Person(subject, client, isOperator, organization, roles, claims.moment("auth_time"),
                claims.text("email").map(address -> new Email(address, claims.isTrue("email_verified"))),
                country(claims));
    }

    /// Of the claim `address` of OpenID Connect. Others write the name of a country there, which says nothing.
    private static Optional<String> country(Claims claims) {
        return claims.object("address").flatMap(address -> Claims.text(address.get("country")))
                .flatMap(CountryCode::inEitherCase);
    }

    /// In the organization that the token names. Without any claim about it, the person is a member: the issuer names
    /// only organizations to which they belong. A claim with an unknown role gives none.
    private Optional<OrganizationRole> roleInOwn(String organization, Map<?, ?> byOrganization, Claims claims) {
        if (claims.has(ORG_ROLE)) {
            return claims.text(ORG_ROLE).flatMap(OrganizationRole::named);
        }
        if (byOrganization.containsKey(organization)) {
            return named(byOrganization.get(organization));
        }
        List<?> roles = areRolesOfOrganization
                ? claims.items(ROLES).stream().flatMap(Collection::stream)
                        .filter(role -> !Claims.text(role).equals(Optional.of(Caller.OPERATOR))).toList()
                : List.of();
        return roles.isEmpty()
                ? Optional.of(OrganizationRole.MEMBER)
                : roles.stream().map(TokenReader::named).flatMap(Optional::stream).min(naturalOrder());
    }

    private static Optional<OrganizationRole> named(@Nullable Object name) {
        return Claims.text(name).flatMap(OrganizationRole::named);
    }
}
