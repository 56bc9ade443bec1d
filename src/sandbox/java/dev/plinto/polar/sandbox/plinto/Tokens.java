package dev.plinto.polar.sandbox.plinto;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The claims of the sandbox's tokens. Claims may have any form, also a wrong one, so that services can be tried with
/// it.
@Singleton
class Tokens {

    static final Duration LIFETIME = Duration.ofHours(1);

    private final PlintoKey key;
    private final InstantSource clock;
    private final String issuer;
    private final String audience;

    Tokens(PlintoKey key, InstantSource clock,
            @ConfigProperty(name = "plinto.jwt.issuer", defaultValue = "https://sandbox.plinto.dev") String issuer,
            @ConfigProperty(name = "plinto.jwt.audience", defaultValue = "plinto.dev") String audience) {
        this.key = key;
        this.clock = clock;
        this.issuer = issuer;
        this.audience = audience;
    }

    /// Of a person or service that the request describes.
    String access(TokenRequest asked) {
        Map<String, Object> claims = base(asked.subject(), audience, "access");
        claims.put("roles", asked.roles());
        asked.organizationId().ifPresent(organization -> claims.put("org_id", organization));
        asked.scope().ifPresent(scope -> {
            claims.put("scope", scope);
            claims.put("token_use", "client_credentials");
            claims.put("actor_type", "service_account");
            claims.put("client_id", TokenRequest.SERVICE);
        });
        asked.claims().forEach((name, value) -> {
            if (value == null) {
                claims.remove(name);
            } else {
                claims.put(name, value);
            }
        });
        return key.sign(claims);
    }

    private Map<String, Object> base(String subject, String audience, String type) {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("aud", audience);
        claims.put("sub", subject);
        claims.put("type", type);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", now);
        claims.put("exp", now + LIFETIME.toSeconds());
        return claims;
    }
}
