package dev.plinto.polar.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.lang.JoseException;

/// Hand-made tokens, signed with the sandbox's key or with others, valid and invalid.
public final class PlintoTokens {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RsaJsonWebKey key;

    /// @param service the sandbox creates its keys at the first request
    public PlintoTokens(URI service) {
        try {
            service.resolve("/sandbox/plinto/jwks.json").toURL().openStream().close();
            String kept = Files.readString(SandboxStack.DIRECTORY.resolve("plinto-keys.json"));
            key = (RsaJsonWebKey) new JsonWebKeySet(kept).getJsonWebKeys().getFirst(); // the one that signs
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (JoseException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// An access token for an hour; additional or different claims come in pairs. A null claim is left out.
    public String of(Object... claims) {
        return signed(header(), claims(claims), key.getPrivateKey());
    }

    /// The same for a service with this scope, without roles.
    public String service(Object scope, Object... claims) {
        return of(Stream.concat(Stream.of("roles", null, "sub", "svc_1", "token_use", "client_credentials", "scope",
                scope), Stream.of(claims)).toArray());
    }

    public String withHeader(Map<String, Object> header, PrivateKey signer, Object... claims) {
        return signed(header, claims(claims), signer);
    }

    public String unsigned(Object... claims) {
        return part(Map.of("alg", "none", "typ", "JWT")) + "." + part(claims(claims)) + ".";
    }

    public String symmetric(byte[] secret, Object... claims) {
        String content = part(Map.of("alg", "HS256", "typ", "JWT", "kid", key.getKeyId())) + "." + part(claims(claims));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return content + "." + base64(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public Map<String, Object> header() {
        return Map.of("alg", "RS256", "typ", "JWT", "kid", key.getKeyId());
    }

    public PublicKey publicKey() {
        return key.getPublicKey();
    }

    public PrivateKey privateKey() {
        return key.getPrivateKey();
    }

    /// Encodings of the public key that a verifier might take for a shared secret.
    public Stream<byte[]> publicKeyAsSecrets() {
        byte[] der = publicKey().getEncoded();
        String base64 = Base64.getEncoder().encodeToString(der);
        String pem = "-----BEGIN PUBLIC KEY-----\n" + base64.replaceAll("(.{64})", "$1\n")
                + "\n-----END PUBLIC KEY-----\n";
        return Stream.concat(Stream.of(der), Stream.of(base64, pem, pem.strip(),
                key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY), key.getKeyId())
                .map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Map<String, Object> claims(Object... others) {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = new TreeMap<>(Map.of("iss", issuer(), "aud", "plinto.dev",
                "sub", "usr_1", "type", "access", "roles", List.of("viewer"), "jti", UUID.randomUUID().toString(),
                "iat", now, "exp", now + 3_600));
        for (int i = 0; i < others.length; i += 2) {
            claims.put((String) others[i], others[i + 1]);
        }
        claims.values().removeIf(Objects::isNull);
        return claims;
    }

    /// The sandbox's issuer.
    public static String issuer() {
        return SandboxStack.settings().get("plinto.jwt.issuer");
    }

    private static String signed(Map<String, Object> header, Map<String, Object> claims, PrivateKey signer) {
        String content = part(header) + "." + part(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(signer);
            signature.update(content.getBytes(StandardCharsets.UTF_8));
            return content + "." + base64(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String part(Map<String, Object> json) {
        try {
            return base64(JSON.writeValueAsBytes(json));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
