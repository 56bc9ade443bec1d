package dev.plinto.polar.caller;

import io.quarkus.security.identity.SecurityIdentity;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The sender of a request, as their Plinto access token says: signature, issuer, audience, expiry and type of the
/// token are already verified. [Permission] says what they may.
public sealed interface Caller {

    /// The role of operators, in the claim `roles`.
    String OPERATOR = "ops";

    /// The claim `sub`, the issuer's id of the caller; for the log.
    String subject();

    /// The claim `client_id`: the application that the token was issued to, if the issuer says so.
    Optional<String> clientId();

    /// Whether the token has the role `ops`. An operator may be a person of an organization too.
    boolean isOperator();

    /// A person, and what they are in each organization that the token says something about.
    ///
    /// @param organization the one that the token is for, if it names one
    /// @param roles        by organization: in one that is not there, the person may do nothing
    /// @param signedInAt   when the person last proved who they are, the claim `auth_time`
    /// @param country      of the claim `address`: two capital letters (ISO 3166)
    record Person(String subject, Optional<String> clientId, boolean isOperator, Optional<String> organization,
            Map<String, OrganizationRole> roles, Optional<Instant> signedInAt,
            Optional<Email> email, Optional<String> country) implements Caller {

        public Person {
            roles = Map.copyOf(roles);
        }

        public Optional<OrganizationRole> roleIn(String organizationId) {
            return Optional.ofNullable(roles.get(organizationId));
        }

        /// Without e-mail and country, which are personal.
        @Override
        public String toString() {
            return "Person[" + subject + "]";
        }
    }

    /// The person's address, and whether the issuer has verified that it is theirs.
    record Email(String address, boolean isVerified) {

        @Override
        public String toString() {
            return "Email";
        }
    }

    /// An application that calls for itself.
    ///
    /// @param organization the one that the token is for, if it names one
    /// @param isListed     whether this client may act for any organization
    record Service(String subject, Optional<String> clientId, boolean isOperator, Optional<String> organization,
            Set<ServiceScope> scopes, boolean isListed) implements Caller {

        public Service {
            scopes = Set.copyOf(scopes);
        }

        boolean has(ServiceScope scope, String organizationId) {
            return scopes.contains(scope) && (organization.equals(Optional.of(organizationId))
                    || switch (scope.reach()) {
                        case ANY_ORGANIZATION -> true;
                        case ANY_FOR_LISTED_CLIENTS -> isListed;
                    });
        }
    }

    /// Somebody with a token that has a claim of another form than documented. Nothing is guessed from it, so it gives
    /// nothing.
    ///
    /// @param fault which claim it is, and what it must be
    record Unreadable(String subject, Optional<String> clientId, String fault) implements Caller {

        @Override
        public boolean isOperator() {
            return false;
        }
    }

    /// The caller of the current request. Throws a problem (401) if the request has no access token, such as one with
    /// an operator's session of the console.
    static Caller of(SecurityIdentity identity) {
        return find(identity).orElseThrow(Refusals::noToken);
    }

    /// Empty for an anonymous request, and for an operator who signed in to the console.
    static Optional<Caller> find(SecurityIdentity identity) {
        return Optional.ofNullable(identity.getAttribute(VerifiedTokens.CALLER));
    }

    /// Whether an access token, which is already verified, has the role of operators. False if it is opaque.
    static boolean isOperator(String accessToken) {
        return Claims.unverified(accessToken).map(claims -> claims.list("roles").contains(OPERATOR)).orElse(false);
    }
}
