package dev.plinto.polar.sandbox.plinto;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Stands in for Plinto's identity service: every request gets a token with the claims that it names.
@Singleton
@Path("/sandbox/plinto")
@Produces(MediaType.APPLICATION_JSON)
public class IssuePlintoToken {

    private static final Duration LIFETIME = Duration.ofHours(1);

    private final PlintoKey key;
    private final InstantSource clock;
    private final ObjectMapper json;
    private final String issuer;
    private final String audience;

    public IssuePlintoToken(
            PlintoKey key,
            InstantSource clock,
            ObjectMapper json,
            @ConfigProperty(name = "plinto.jwt.issuer", defaultValue = "https://sandbox.plinto.dev") String issuer,
            @ConfigProperty(name = "plinto.jwt.audience", defaultValue = "plinto.dev") String audience) {
        this.key = key;
        this.clock = clock;
        this.json = json;
        this.issuer = issuer;
        this.audience = audience;
    }

    /// Accepts any content type, so that `curl -d '{…}'` works, and an empty body.
    @POST
    @Blocking
    @Path("/token")
    @Consumes(MediaType.WILDCARD)
    public Token token(byte[] body) {
        TokenRequest granted = request(body);
        long now = clock.instant().getEpochSecond();
        JwtClaimsBuilder claims = Jwt.claims()
                .issuer(issuer)
                .audience(audience)
                .subject(granted.userId())
                .claim("type", "access")
                .claim("roles", granted.roles())
                .claim("jti", UUID.randomUUID().toString())
                .issuedAt(now)
                .expiresAt(now + LIFETIME.toSeconds());
        if (granted.organizationId() != null) {
            claims.claim("org_id", granted.organizationId());
        }
        if (granted.scope() != null) {
            claims.claim("scope", granted.scope());
        }
        return new Token(claims.jws()
                .keyId(key.id())
                .algorithm(SignatureAlgorithm.RS256)
                .sign(key.privateKey()));
    }

    @GET
    @Blocking
    @Path("/jwks.json")
    public Map<String, Object> keys() {
        return Map.of("keys", List.of(key.publicKey()));
    }

    private TokenRequest request(byte[] body) {
        if (body == null || body.length == 0) {
            return new TokenRequest(null, null, null, null);
        }
        try {
            return Optional.ofNullable(json.readValue(body, TokenRequest.class))
                    .orElseGet(() -> new TokenRequest(null, null, null, null)); // the body is JSON null
        } catch (IOException e) {
            throw new Problem(
                    "invalid-request", 400, "Invalid request",
                    "The body must be a JSON object with organization_id, user_id, roles (an array) and scope,"
                            + " all optional.")
                    .exception();
        }
    }

    /// All optional; the default is an owner without an organization. A service token has a `scope`.
    @JsonNaming(SnakeCaseStrategy.class)
    record TokenRequest(String organizationId, String userId, List<String> roles, String scope) {

        TokenRequest {
            userId = Objects.requireNonNullElse(userId, "usr_sandbox");
            roles = roles == null ? List.of("owner") : List.copyOf(roles);
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Token(String accessToken) {}
}
