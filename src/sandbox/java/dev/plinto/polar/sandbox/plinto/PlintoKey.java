package dev.plinto.polar.sandbox.plinto;

import dev.plinto.polar.sandbox.process.KeptFile;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;

/// The key that signs the sandbox's tokens, in place of Plinto's identity service. It is created once per sandbox
/// directory, so that tokens stay valid over restarts.
@ApplicationScoped
public class PlintoKey {

    private static final Logger LOG = Logger.getLogger(PlintoKey.class);
    private static final int BITS = 2048;

    private final RsaJsonWebKey key;

    public PlintoKey(@ConfigProperty(name = "sandbox.directory", defaultValue = ".sandbox") Path directory) {
        KeptFile file = new KeptFile(directory.resolve("plinto-key.json"));
        key = saved(file).orElseGet(() -> generated(file));
    }

    /// A token with exactly these claims.
    String sign(Map<String, Object> claims) {
        JsonWebSignature token = new JsonWebSignature();
        token.setHeader("typ", "JWT");
        token.setKeyIdHeaderValue(key.getKeyId());
        token.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        token.setKey(key.getRsaPrivateKey());
        token.setPayload(JsonUtil.toJson(claims));
        try {
            return token.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("RSA is part of every Java platform", e);
        }
    }

    /// The claims of a token that this key signed, expired or not; empty for any other text.
    Optional<JwtClaims> verified(String token) {
        try {
            return Optional.of(new JwtConsumerBuilder().setSkipAllValidators()
                    .setVerificationKey(key.getRsaPublicKey()).build().processToClaims(token));
        } catch (InvalidJwtException e) {
            return Optional.empty();
        }
    }

    /// The public half, as one key of a JWKS.
    Map<String, Object> publicKey() {
        return key.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    private static Optional<RsaJsonWebKey> saved(KeptFile file) {
        try {
            Optional<byte[]> saved = file.read();
            if (saved.isPresent()
                    && JsonWebKey.Factory
                            .newJwk(new String(saved.get(), StandardCharsets.UTF_8)) instanceof RsaJsonWebKey rsa
                    && rsa.getRsaPrivateKey() != null) {
                return Optional.of(rsa);
            }
        } catch (IOException | JoseException e) {
            // Without the exception's text: it may quote the key.
            LOG.warnf("The sandbox creates a new token key: %s cannot be read", file.path());
        }
        return Optional.empty();
    }

    private static RsaJsonWebKey generated(KeptFile file) {
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(BITS);
            key.setKeyId("sandbox-" + key.calculateBase64urlEncodedThumbprint("SHA-256").substring(0, 8));
            key.setUse("sig");
            key.setAlgorithm("RS256");
            file.write(key.toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE).getBytes(StandardCharsets.UTF_8));
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException("RSA is part of every Java platform", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
