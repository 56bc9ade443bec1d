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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/// An OpenID provider with a signed-in user: it redirects every request straight back with a code, which it exchanges
/// only for the verifier of the client that asked (PKCE).
public final class IdentityProvider implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final RsaJsonWebKey key;
    private final Map<String, String> challenges = new ConcurrentHashMap<>();
    private volatile Object roles = List.of();

    public IdentityProvider() {
        this(true);
    }

    /// @param endsSessions whether it has an `end_session_endpoint`
    public IdentityProvider(boolean endsSessions) {
        try {
            key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId("k1");
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/.well-known/openid-configuration",
                    exchange -> json(exchange, metadata(endsSessions)));
            server.createContext("/jwks", exchange -> json(exchange,
                    Map.of("keys", List.of(key.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY)))));
            server.createContext("/authorize", this::authorize);
            server.createContext("/sign-out", exchange -> redirect(exchange,
                    form(exchange.getRequestURI().getRawQuery()).get("post_logout_redirect_uri")));
            server.createContext("/token", this::exchangeCode);
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
        signInWithClaim(List.of(role));
    }

    /// The same, with the claim `roles` in any form.
    public void signInWithClaim(Object claim) {
        roles = claim;
    }

    /// An access token that API calls accept, too.
    public String accessToken() {
        return token(Map.of("type", "access", "roles", roles));
    }

    private Map<String, String> metadata(boolean endsSessions) {
        Map<String, String> metadata = new HashMap<>(Map.of("issuer", url(),
                "authorization_endpoint", url() + "/authorize", "token_endpoint", url() + "/token",
                "jwks_uri", url() + "/jwks"));
        if (endsSessions) {
            metadata.put("end_session_endpoint", url() + "/sign-out");
        }
        return metadata;
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> asked = form(exchange.getRequestURI().getRawQuery());
        boolean usesPkce = "S256".equals(asked.get("code_challenge_method"));
        String code = UUID.randomUUID().toString();
        if (usesPkce) {
            challenges.put(code, asked.get("code_challenge"));
        }
        redirect(exchange, asked.get("redirect_uri") + "?"
                + (usesPkce ? "code=" + code : "error=invalid_request") + "&state=" + asked.get("state"));
    }

    private static void redirect(HttpExchange exchange, String address) throws IOException {
        exchange.getResponseHeaders().add("location", address);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    /// A code counts once.
    private void exchangeCode(HttpExchange exchange) throws IOException {
        Map<String, String> asked = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String challenge = challenges.remove(asked.getOrDefault("code", ""));
        if (challenge != null && challenge.equals(sha256(asked.getOrDefault("code_verifier", "")))) {
            json(exchange, Map.of("token_type", "Bearer", "expires_in", 300,
                    "id_token", token(Map.of()), "access_token", accessToken()));
        } else {
            exchange.sendResponseHeaders(400, -1);
            exchange.close();
        }
    }

    private static Map<String, String> form(String text) {
        return Arrays.stream(text.split("&")).map(pair -> pair.split("=", 2)).collect(Collectors.toMap(
                pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private static String sha256(String verifier) {
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(MessageDigest.getInstance("SHA-256")
                    .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
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
