package dev.plinto.polar.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Deliveries as Conekta makes them, signed with the sandbox's key.
public final class SignedByConekta {

    /// An event of a new id.
    ///
    /// @param object as JSON
    public static SignedDelivery event(String type, String object) {
        String id = UUID.randomUUID().toString().replace("-", "").substring(0, 24);
        return event(id, type, object);
    }

    public static SignedDelivery event(String id, String type, String object) {
        return of(id, """
                {"id":"%s","object":"event","type":"%s","created_at":1795500000,"livemode":false,
                 "data":{"object":%s,"previous_attributes":{}}}""".formatted(id, type, object));
    }

    /// @param id of the event in the body
    public static SignedDelivery of(String id, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return new SignedDelivery(id, bytes,
                List.of(Map.entry("content-type", "application/json"), Map.entry("digest", signature(bytes))));
    }

    private static String signature(byte[] body) {
        try {
            byte[] key = Files.readAllBytes(SandboxStack.DIRECTORY.resolve("conekta-key"));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key)));
            signature.update(body);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private SignedByConekta() {}
}
