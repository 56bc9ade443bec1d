package dev.plinto.polar.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/// An OpenID provider with a signed-in user: it redirects every request straight back with a code.
public final class IdentityProvider implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final RsaJsonWebKey key;
    private volatile List<String> roles = List.of();

    public IdentityProvider() {
        try {
            key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId("k1");
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/.well-known/openid-configuration", exchange -> json(exchange, Map.of(
                    "issuer", url(), "authorization_endpoint", url() + "/authorize", "token_endpoint", url() + "/token",
                    "jwks_uri", url() + "/jwks")));
            server.createContext("/jwks", exchange -> json(exchange,
                    Map.of("keys", List.of(key.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY)))));
            server.createContext("/authorize", this::authorize);
            server.createContext("/token", exchange -> json(exchange, Map.of("token_type", "Bearer", "expires_in", 300,
                    "id_token", token(Map.of()), "access_token", accessToken())));
            server.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// From now on the signed-in user has that role.
    public void signIn(String role) {
        roles = List.of(role);
    }

    /// An access token that API calls accept, too.
    public String accessToken() {
        return token(Map.of("type", "access", "roles", roles));
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> asked = Arrays.stream(exchange.getRequestURI().getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2)).collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        String back = URLDecoder.decode(asked.get("redirect_uri"), StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("location", back + "?code=c1&state=" + asked.get("state"));
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private String token(Map<String, Object> more) {
        try {
            JwtClaims claims = new JwtClaims();
            claims.setIssuer(url());
            claims.setAudience("console");
            claims.setSubject("usr_person");
            claims.setJwtId(UUID.randomUUID().toString());
            claims.setIssuedAtToNow();
            claims.setExpirationTimeMinutesInTheFuture(5);
            more.forEach(claims::setClaim);
            JsonWebSignature token = new JsonWebSignature();
            token.setPayload(claims.toJson());
            token.setKey(key.getPrivateKey());
            token.setKeyIdHeaderValue("k1");
            token.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
            return token.getCompactSerialization();
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void json(HttpExchange exchange, Map<String, ?> answer) throws IOException {
        byte[] body = bytes(answer);
        exchange.getResponseHeaders().add("content-type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static byte[] bytes(Map<String, ?> answer) {
        try {
            return JSON.writeValueAsBytes(answer);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
