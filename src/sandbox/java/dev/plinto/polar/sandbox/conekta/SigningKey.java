package dev.plinto.polar.sandbox.conekta;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// An RSA key of 2,048 bits. Making one takes up to a second, so this JVM makes each once: the first key of every
/// simulation is the same, and so is the second. No seed determines them.
public final class SigningKey {

    private static final List<SigningKey> MADE = new ArrayList<>();
    private static final int BITS = 2_048;
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private final KeyPair pair;

    private SigningKey(KeyPair pair) {
        this.pair = pair;
    }

    /// @param number from 0
    public static SigningKey numbered(int number) {
        synchronized (MADE) {
            while (MADE.size() <= number) {
                MADE.add(generated());
            }
            return MADE.get(number);
        }
    }

    /// A [saved][#saved()] key.
    ///
    /// @throws GeneralSecurityException if it is none
    public static SigningKey restored(byte[] saved) throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(saved));
        return new SigningKey(new KeyPair(
                factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())), key));
    }

    /// The private key, too.
    public byte[] saved() {
        return pair.getPrivate().getEncoded();
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

    public String publicPem() {
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
