package dev.plinto.polar.sandbox.plinto;

import dev.plinto.polar.sandbox.process.KeptFile;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;

/// The keys that sign the sandbox's tokens, in place of Plinto's identity service. They are kept in the sandbox's
/// directory, so that tokens stay valid over restarts.
@ApplicationScoped
public class PlintoKeys {

    private static final Logger LOG = Logger.getLogger(PlintoKeys.class);

    private final KeptFile file;
    private final InstantSource clock;
    private volatile KeySet keys;

    public PlintoKeys(@ConfigProperty(name = "sandbox.directory", defaultValue = ".sandbox") Path directory,
            InstantSource clock) {
        this.file = new KeptFile(directory.resolve("plinto-keys.json"));
        this.clock = clock;
        this.keys = saved(file).orElseGet(() -> written(KeySet.generated()));
    }

    /// A token with exactly these claims.
    String sign(Map<String, Object> claims) {
        RsaJsonWebKey key = keys.signing();
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

    /// The claims of a token that one of the published keys signed, expired or not; empty for any other text.
    Optional<JwtClaims> verified(String token) {
        try {
            return Optional.of(new JwtConsumerBuilder().setSkipAllValidators()
                    .setVerificationKeyResolver(
                            new JwksVerificationKeyResolver(List.copyOf(keys.current(clock.instant()))))
                    .build().processToClaims(token));
        } catch (InvalidJwtException e) {
            return Optional.empty();
        }
    }

    /// Signs with the next key from now on. Returns its id.
    synchronized String rotate() {
        keys = written(keys.rotated(clock.instant()));
        return keys.signing().getKeyId();
    }

    /// The public halves, as the keys of a JWKS.
    List<Map<String, Object>> published() {
        return keys.current(clock.instant()).stream().map(key -> key.toParams(OutputControlLevel.PUBLIC_ONLY))
                .toList();
    }

    private static Optional<KeySet> saved(KeptFile file) {
        try {
            Optional<byte[]> saved = file.read();
            return saved.isPresent()
                    ? Optional.of(KeySet.ofJson(new String(saved.get(), StandardCharsets.UTF_8)))
                    : Optional.empty();
        } catch (IOException | JoseException | ClassCastException e) {
            // Without the exception's text: it may quote a key.
            LOG.warnf("The sandbox creates new token keys: %s cannot be read", file.path());
            return Optional.empty();
        }
    }

    private KeySet written(KeySet made) {
        try {
            file.write(made.toJson().getBytes(StandardCharsets.UTF_8));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
