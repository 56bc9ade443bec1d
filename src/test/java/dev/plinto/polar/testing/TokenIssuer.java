package dev.plinto.polar.testing;

import com.sun.net.httpserver.HttpServer;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;

/// Issues tokens for packaged services, and publishes its key over HTTP.
public final class TokenIssuer implements AutoCloseable {

    public static final String ISSUER = "https://plinto.example";
    public static final String AUDIENCE = "plinto.example";

    private static final String KEY_ID = "test";

    private final RsaJsonWebKey key;
    private final HttpServer server;

    public TokenIssuer() {
        try {
            key = RsaJwkGenerator.generateJwk(2048);
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        key.setKeyId(KEY_ID);
        key.setAlgorithm("RS256");
        key.setUse("sig");
        byte[] keys = ("{\"keys\":[" + key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY) + "]}")
                .getBytes(StandardCharsets.UTF_8);
        server.createContext("/jwks.json", exchange -> {
            exchange.getResponseHeaders().add("content-type", "application/json");
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        server.start();
    }

    public Map<String, String> environment() {
        return Map.of("PLINTO_JWKS_URL", "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks.json");
    }

    /// A service's token, which may read any organization.
    public String service() {
        return signed(claims("svc_test").claim("token_use", "client_credentials").claim("scope", "billing:read"));
    }

    public String operator() {
        return signed(claims("usr_ops").claim("roles", List.of("ops")));
    }

    private static JwtClaimsBuilder claims(String subject) {
        return Jwt.issuer(ISSUER).audience(AUDIENCE).subject(subject)
                .claim("type", "access").expiresIn(Duration.ofHours(1));
    }

    private String signed(JwtClaimsBuilder claims) {
        return claims.jws().keyId(KEY_ID).sign(key.getPrivateKey());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
