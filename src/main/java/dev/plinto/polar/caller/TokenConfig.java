package dev.plinto.polar.caller;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// Which access tokens are accepted, and which of their claims name the organization. SmallRye JWT checks signature,
/// issuer, audience and expiry, with the same settings.
@ConfigMapping(prefix = "plinto")
public interface TokenConfig {

    Jwt jwt();

    Jwks jwks();

    interface Jwt {

        /// The issuer of accepted tokens, their claim `iss` (`PLINTO_JWT_ISSUER`).
        Optional<String> issuer();

        /// The audience of accepted tokens, their claim `aud` (`PLINTO_JWT_AUDIENCE`).
        Optional<String> audience();

        /// The claims that may name the token's organization; the first one present counts.
        @WithDefault("org_id,oid,org")
        List<String> organizationClaims();
    }

    interface Jwks {

        /// The URL of the issuer's public keys (`PLINTO_JWKS_URL`).
        Optional<String> url();
    }
}
