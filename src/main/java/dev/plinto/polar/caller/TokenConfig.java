package dev.plinto.polar.caller;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// Whose tokens are accepted, and where they say what we need. Signature, issuer, audience and expiry are checked by
/// SmallRye JWT, which reads the same settings.
@ConfigMapping(prefix = "plinto")
public interface TokenConfig {

    Jwt jwt();

    Jwks jwks();

    interface Jwt {

        /// `PLINTO_JWT_ISSUER`
        Optional<String> issuer();

        /// `PLINTO_JWT_AUDIENCE`
        Optional<String> audience();

        /// The claims that may name the organization a token speaks for; the first that is there counts.
        @WithDefault("org_id,oid,org")
        List<String> organizationClaims();
    }

    interface Jwks {

        /// `PLINTO_JWKS_URL`
        Optional<String> url();
    }
}
