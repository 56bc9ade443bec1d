package dev.plinto.polar.caller;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which access tokens are accepted, and what their claims mean. SmallRye JWT checks signature,
/// issuer, audience and expiry, with the same settings.
@ConfigMapping(prefix = "plinto")
public interface TokenConfig {

    Jwt jwt();

    Jwks jwks();

    /// The claim `client_id` of services whose scopes `billing:write` and `billing:usage` are for any organization
    /// (`PLINTO_SERVICE_CLIENTS`); `*`, in the sandbox, for all of them.
    Optional<Set<String>> serviceClients();

    interface Jwt {

        /// The issuer of accepted tokens, their claim `iss` (`PLINTO_JWT_ISSUER`).
        Optional<String> issuer();

        /// The audience of accepted tokens, their claim `aud` (`PLINTO_JWT_AUDIENCE`).
        Optional<String> audience();

        /// The claims that may name the token's organization; the first one present counts.
        @WithDefault("org_id,oid,org")
        List<String> organizationClaims();

        /// Whether the claim `roles` is about the token's organization (`PLINTO_JWT_ROLES_OF_ORGANIZATION`). If it is
        /// about all organizations of the person, it says nothing about one of them.
        @WithDefault("false")
        boolean rolesOfOrganization();
    }

    interface Jwks {

        /// The URL of the issuer's public keys (`PLINTO_JWKS_URL`).
        Optional<String> url();
    }
}
