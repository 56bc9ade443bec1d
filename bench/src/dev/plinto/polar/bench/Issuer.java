package dev.plinto.polar.bench;

import com.sun.net.httpserver.HttpServer;
import io.smallrye.jwt.build.Jwt;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;

/// Issues tokens, and publishes its key over HTTP.
final class Issuer implements AutoCloseable {

    private static final String KEY_ID = "bench";

    private final RsaJsonWebKey key;
    private final HttpServer server;

    Issuer() throws IOException {
        try {
            key = RsaJwkGenerator.generateJwk(2048);
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
        key.setKeyId(KEY_ID);
        key.setAlgorithm("RS256");
        key.setUse("sig");
        byte[] keys = ("{\"keys\":[" + key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY) + "]}")
                .getBytes(StandardCharsets.UTF_8);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/jwks.json", exchange -> {
            exchange.getResponseHeaders().add("content-type", "application/json");
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        server.start();
    }

    Map<String, String> environment() {
        return Map.of("PLINTO_JWKS_URL", "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks.json");
    }

    /// A service's, which may read any organization.
    String token() {
        return Jwt.issuer("https://plinto.example").audience("plinto.example").subject("svc_bench")
                .claim("token_use", "client_credentials").claim("scope", "billing:read").claim("type", "access")
                .expiresIn(Duration.ofHours(1))
                .jws().keyId(KEY_ID).sign(key.getPrivateKey());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
