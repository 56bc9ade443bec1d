package dev.plinto.polar.sandbox.conekta;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// An RSA key of 2,048 bits. Making one takes up to a second, so this JVM makes each once: the first key of every
/// simulation is the same, and so is the second. No seed determines them.
final class SigningKey {

    private static final List<SigningKey> MADE = new ArrayList<>();
    private static final int BITS = 2_048;
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private final KeyPair pair;

    private SigningKey(KeyPair pair) {
        this.pair = pair;
    }

    /// @param number from 0
    static SigningKey numbered(int number) {
        synchronized (MADE) {
            while (MADE.size() <= number) {
                MADE.add(generated());
            }
            return MADE.get(number);
        }
    }

    /// The header `DIGEST`: base64 of the signature by PKCS #1 v1.5 with SHA-256.
    String digest(byte[] body) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(body);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA is part of every Java platform", e);
        }
    }

    String publicPem() {
        return "-----BEGIN PUBLIC KEY-----\n" + PEM.encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static SigningKey generated() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            return new SigningKey(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA is part of every Java platform", e);
        }
    }
}
