package dev.plinto.polar.sandbox.plinto;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The claims of the sandbox's tokens. Claims may have any form, also a wrong one, so that services can be tried with
/// it.
@Singleton
class Tokens {

    static final Duration LIFETIME = Duration.ofHours(1);

    private final PlintoKeys keys;
    private final InstantSource clock;
    private final String issuer;
    private final String audience;

    Tokens(PlintoKeys keys, InstantSource clock,
            @ConfigProperty(name = "plinto.jwt.issuer", defaultValue = OpenIdProvider.USUAL) String issuer,
            @ConfigProperty(name = "plinto.jwt.audience", defaultValue = "plinto.dev") String audience) {
        this.keys = keys;
        this.clock = clock;
        this.issuer = issuer;
        this.audience = audience;
    }

    String issuer() {
        return issuer;
    }

    Instant now() {
        return clock.instant();
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
        return keys.sign(claims);
    }

    /// Of the person who signed in, for calls.
    String access(SignedIn person, AuthorizationRequest request) {
        Map<String, Object> claims = base(person.subject(), audience, "access");
        claims.put("client_id", request.clientId());
        claims.put("scope", String.join(" ", request.scopes()));
        claims.put("roles", List.of(person.role()));
        person.organizationId().ifPresent(organization -> {
            claims.put("org_id", organization);
            claims.put("org_role", person.role());
            claims.put("org_roles", person.memberships().roles());
        });
        claims.put("auth_time", person.at().getEpochSecond());
        claims.putAll(person.profile());
        return keys.sign(claims);
    }

    /// Tells the client who signed in.
    String id(SignedIn person, AuthorizationRequest request) {
        Map<String, Object> claims = base(person.subject(), request.clientId(), "id");
        request.nonce().ifPresent(nonce -> claims.put("nonce", nonce));
        claims.put("auth_time", person.at().getEpochSecond());
        claims.putAll(person.profile());
        return keys.sign(claims);
    }

    private Map<String, Object> base(String subject, String audience, String type) {
        long now = now().getEpochSecond();
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
