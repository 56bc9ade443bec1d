package dev.plinto.polar.testing;

import com.sun.net.httpserver.HttpServer;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import io.smallrye.jwt.build.JwtSignatureBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;

/// Issues tokens, and publishes its keys over HTTP. It can change its keys, and stop answering.
public final class TokenIssuer implements AutoCloseable {

    public static final String ISSUER = "https://plinto.example";
    public static final String AUDIENCE = "plinto.example";

    /// Each takes a second to make, so the oldest is used again; a test needs fewer.
    private static final int MOST = 4;
    private static final Deque<RsaJsonWebKey> MADE = new ArrayDeque<>();
    private static final RsaJsonWebKey FOREIGN = made();

    private final List<RsaJsonWebKey> published = new CopyOnWriteArrayList<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final HttpServer server;
    private volatile RsaJsonWebKey signing;
    private volatile CompletableFuture<Void> answering = CompletableFuture.completedFuture(null);

    public TokenIssuer() {
        this(0);
    }

    public TokenIssuer(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        addKey("test");
        server.createContext("/jwks.json", exchange -> {
            reads.incrementAndGet();
            answering.join();
            byte[] keys = keys();
            exchange.getResponseHeaders().add("content-type", "application/json");
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        server.start();
    }

    public Map<String, String> environment() {
        return Map.of("PLINTO_JWKS_URL", keysAddress());
    }

    public String keysAddress() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks.json";
    }

    /// From now on tokens are signed with a new key, which is published beside the others.
    public void addKey(String id) {
        RsaJsonWebKey key = newKey(id);
        published.add(key);
        signing = key;
    }

    /// The same, but the others are withdrawn.
    public void replaceKeys(String id) {
        published.clear();
        addKey(id);
    }

    /// How often the keys were asked for.
    public int reads() {
        return reads.get();
    }

    /// Holds requests for the keys until [#resume()].
    public void suspend() {
        answering = new CompletableFuture<>();
    }

    public void resume() {
        answering.complete(null);
    }

    /// A service's token, which may read any organization.
    public String service() {
        return signed(serviceClaims(), signing.getKeyId());
    }

    /// The same, but the token does not say which key signed it.
    public String serviceWithoutKeyId() {
        return signed(serviceClaims(), null);
    }

    /// Anybody's token: of a key that the issuer does not have.
    public static String foreign(String keyId) {
        return serviceClaims().jws().keyId(keyId).sign(FOREIGN.getPrivateKey());
    }

    /// A token of this client, which may sell for any organization if the client is listed.
    public String seller(String clientId) {
        return client(clientId, "billing:read billing:write");
    }

    /// The same, which may send usage.
    public String producer(String clientId) {
        return client(clientId, "billing:usage");
    }

    private String client(String id, String scope) {
        return signed(claims("svc_" + id).claim("token_use", "client_credentials").claim("client_id", id)
                .claim("scope", scope), signing.getKeyId());
    }

    public String owner(String organization) {
        return signed(claims("usr_owner").claim("org_id", organization).claim("org_role", "owner"),
                signing.getKeyId());
    }

    public String operator() {
        return signed(claims("usr_ops").claim("roles", List.of("ops")), signing.getKeyId());
    }

    /// The token of the owner of an organization.
    public String owner(String organization, String email) {
        return signed(claims("usr_of_" + organization).claim("org_id", organization).claim("org_role", "owner")
                .claim("email", email).claim("email_verified", true), signing.getKeyId());
    }

    private static JwtClaimsBuilder serviceClaims() {
        return claims("svc_test").claim("token_use", "client_credentials").claim("scope", "billing:read");
    }

    private static JwtClaimsBuilder claims(String subject) {
        return Jwt.issuer(ISSUER).audience(AUDIENCE).subject(subject)
                .claim("type", "access").claim("jti", UUID.randomUUID().toString()).expiresIn(Duration.ofHours(1));
    }

    private String signed(JwtClaimsBuilder claims, String keyId) {
        JwtSignatureBuilder token = claims.jws();
        return (keyId == null ? token : token.keyId(keyId)).sign(signing.getPrivateKey());
    }

    private byte[] keys() {
        return published.stream().map(key -> key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY))
                .collect(Collectors.joining(",", "{\"keys\":[", "]}")).getBytes(StandardCharsets.UTF_8);
    }

    private static synchronized RsaJsonWebKey newKey(String id) {
        RsaJsonWebKey made = MADE.size() < MOST ? made() : MADE.remove();
        MADE.add(made);
        RsaJsonWebKey key = new RsaJsonWebKey(made.getRsaPublicKey());
        key.setPrivateKey(made.getRsaPrivateKey());
        key.setKeyId(id);
        key.setAlgorithm("RS256");
        key.setUse("sig");
        return key;
    }

    private static RsaJsonWebKey made() {
        try {
            return RsaJwkGenerator.generateJwk(2048);
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        resume();
        server.stop(0);
    }
}
